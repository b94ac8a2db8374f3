//! What is told of events that are gone.

use super::*;

#[test]
fn what_only_gone_events_told_of_goes_webhook_by_webhook() {
    let connection = database();
    let (old, young) = (aged(KEPT + HOUR), aged(HOUR));
    event(&connection, old, NOW - KEPT - HOUR, &[(1, MadeAs::Open)]);
    event(&connection, young, NOW - HOUR, &[(1, MadeAs::Open)]);
    for (webhook, last) in [(1, old + 1_024), (1, young + 1_024), (2, old + 2_048), (300, old + 3_072)] {
        let sql = "INSERT INTO lists (webhook, last, held, numbers) VALUES (?1, ?2, 0, x'')";
        connection.execute(sql, [webhook, last]).unwrap();
    }
    for (key, webhook, made_after) in [(10, 1, old - 1), (11, 1, old), (12, 1, young), (13, 2, old - 1)] {
        revision(&connection, key, webhook, made_after);
    }
    for number in [numbers::TIMED, old - 5, old + 5, young] {
        let sql = "INSERT INTO clock_steps (number, ahead) VALUES (?1, 1)";
        connection.execute(sql, [number]).unwrap();
    }
    let mut swept = 0;
    let revisions = "SELECT key FROM revisions ORDER BY key";
    assert!(!rest::take(&connection, &|_, _| false, &mut swept).unwrap());
    assert_eq!(numbers_in(&connection, revisions), [3, 10, 11, 12, 13], "those of the first event stay");
    assert_eq!(numbers_in(&connection, "SELECT last FROM lists").len(), 4);
    prune_at(&connection, NOW, |_, _| false);
    assert!(!rest::take(&connection, &|webhook, _| webhook == 2, &mut swept).unwrap());
    let listed = "SELECT last FROM lists ORDER BY webhook";
    assert_eq!(
        numbers_in(&connection, listed),
        [young + 1_024, old + 2_048],
        "what may be bare is found by its list"
    );
    assert!(!rest::take(&connection, &|_, _| false, &mut swept).unwrap());
    assert_eq!(numbers_in(&connection, listed), [young + 1_024]);
    assert_eq!(numbers_in(&connection, revisions), [3, 11, 12, 13]);
    assert_eq!(numbers_in(&connection, "SELECT number FROM clock_steps"), [young]);
    // With no event left, only what webhooks use now stays.
    prune_at(&connection, NOW + KEPT + 2 * HOUR, |_, _| false);
    assert!(!rest::take(&connection, &|_, _| false, &mut swept).unwrap());
    assert_eq!(numbers_in(&connection, revisions), [3, 12, 13]);
    assert_eq!(numbers_in(&connection, "SELECT count(*) FROM lists"), [0]);
}

#[test]
fn a_long_list_goes_in_pieces() {
    let connection = database();
    connection.execute_batch("BEGIN").unwrap();
    for (webhook, last) in (1..=3).flat_map(|webhook| (0..2_000).map(move |last| (webhook, last))) {
        let sql = "INSERT INTO lists (webhook, last, held, numbers) VALUES (?1, ?2, 0, x'')";
        connection.prepare_cached(sql).unwrap().execute([webhook, last]).unwrap();
    }
    let (mut swept, mut pieces) = (0, 1);
    while rest::take(&connection, &|_, _| false, &mut swept).unwrap() {
        pieces += 1;
        assert!(pieces < 9);
    }
    assert_eq!(numbers_in(&connection, "SELECT count(*) FROM lists"), [0]);
    assert_eq!((pieces, swept), (3, 0));
}
