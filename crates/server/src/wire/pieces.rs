//! Answers in pieces: a large one is given to the connection as its reader takes it, so that readers who take nothing hold
//! nothing but the answer itself; and of answers made for them, people may hold so many bytes only.

use std::{
    error::Error as StdError,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage, ResponseError,
    body::{BodySize, BoxBody, MessageBody},
    dev::ServiceResponse,
    web::{self, Bytes},
};

use super::connection::Answering;
use crate::{auth::Caller, limits::Share, state::State};

/// How much is given at once. What is smaller goes as it is.
const PIECE: usize = 16 * 1_024;

/// The body of an answer.
pub(crate) struct Pieces {
    body: Whole,
    /// Counts while the answer waits for its reader.
    _share: Option<Share>,
    /// The next request on the connection waits until all of this one's answer was given.
    _answering: Option<Answering>,
}

enum Whole {
    Bytes(Bytes),
    Other(BoxBody),
}

/// Cuts an answer. One that its caller has no room for becomes a refusal.
pub(super) fn cut(answer: ServiceResponse<BoxBody>, answering: Option<Answering>) -> ServiceResponse<Pieces> {
    let (answer, share) = shared(answer);
    answer.map_body(|_, body| {
        let is_large = matches!(body.size(), BodySize::Sized(size) if size > PIECE as u64);
        let body = if is_large {
            body.try_into_bytes().map_or_else(Whole::Other, Whole::Bytes)
        } else {
            Whole::Other(body)
        };
        Pieces { body, _share: share, _answering: answering }
    })
}

/// An answer with its share of what large ones may take.
fn shared(answer: ServiceResponse<BoxBody>) -> (ServiceResponse<BoxBody>, Option<Share>) {
    let BodySize::Sized(size) = answer.response().body().size() else { return (answer, None) };
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size <= PIECE {
        return (answer, None);
    }
    let state = answer.request().app_data::<web::Data<State>>().cloned();
    let caller = answer.request().extensions().get::<Caller>().cloned();
    let share = match (state, caller) {
        (Some(state), Some(caller)) => state.limits.room(&caller, size),
        _ => Ok(None),
    };
    match share {
        Ok(share) => (answer, share),
        Err(problem) => {
            let request = answer.request().clone();
            (ServiceResponse::new(request, problem.error_response()), None)
        }
    }
}

impl MessageBody for Pieces {
    type Error = Box<dyn StdError>;

    fn size(&self) -> BodySize {
        match &self.body {
            Whole::Bytes(bytes) => BodySize::Sized(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Whole::Other(body) => body.size(),
        }
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        match &mut self.get_mut().body {
            Whole::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Whole::Bytes(bytes) => Poll::Ready(Some(Ok(bytes.split_to(bytes.len().min(PIECE))))),
            Whole::Other(body) => Pin::new(body).poll_next(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{HttpResponse, body::to_bytes, test::TestRequest};

    #[actix_web::test]
    async fn a_large_answer_comes_in_pieces_and_whole() {
        for size in [0, 1, PIECE, PIECE + 1, 5 * PIECE + 7] {
            let text = "x".repeat(size);
            let answer = HttpResponse::Ok().body(text.clone());
            let answer = ServiceResponse::new(TestRequest::default().to_http_request(), answer);
            let mut body = cut(answer, None).into_body();
            assert_eq!(body.size(), BodySize::Sized(size as u64));
            let mut pieces = Vec::new();
            while let Some(piece) =
                std::future::poll_fn(|context| Pin::new(&mut body).poll_next(context)).await
            {
                pieces.push(piece.unwrap());
            }
            assert!(pieces.iter().all(|piece| piece.len() <= PIECE.max(size.min(PIECE))), "{size}");
            assert_eq!(pieces.concat().len(), size);
        }
        let nothing = ServiceResponse::new(
            TestRequest::default().to_http_request(),
            HttpResponse::NoContent().finish(),
        );
        assert!(to_bytes(cut(nothing, None).into_body()).await.unwrap().is_empty());
    }
}
