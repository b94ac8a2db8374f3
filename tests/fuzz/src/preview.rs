//! A preview, from JSON to JSON: made or refused, and its body is what the webhook's format says.

use bluehook_core::preview::{preview, preview_json, read};
use serde_json::Value;

use super::{intake::check_problems, json};

const NOW: i64 = 1_669_893_789_500;

/// Makes a preview.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    match (read(text, NOW), preview_json(text, NOW)) {
        (Ok(request), Ok(answer)) => {
            let made = preview(&request);
            json::check(&made.body);
            assert_eq!(made.to_json(), answer);
            let answer: Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(answer["body"], made.body);
            assert_eq!(answer["size"], made.body.len());
            assert_eq!(answer["matches"], made.why.is_none());
            let signed = made.headers.iter().any(|(name, _)| name == "X-Signature");
            assert_eq!(signed, request.secret.is_some());
        }
        (Err(problems), Err(same)) => {
            assert_eq!(problems, same);
            check_problems(&problems);
        }
        (request, answer) => panic!("{request:?} {answer:?}"),
    }
}
