//! How a webhook fared lately.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_core::input::{Fault, shown};
use bluehook_dispatcher::{Stats, Window};

use crate::{
    api::{params::Params, view::StatsView},
    auth::Caller,
    config::duration,
    problem::Problem,
    state::State,
};

/// The time that is looked at when nobody says.
pub(super) const WINDOW: Duration = Duration::from_hours(24);

/// The shortest time.
const SHORTEST: Duration = Duration::from_mins(1);

/// The longest time.
const LONGEST: Duration = Duration::from_hours(30 * 24);

pub(super) async fn show(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).see(&id)?;
    let mut params = Params::of(&request);
    let window = params.take("window", window).unwrap_or(WINDOW);
    params.finish()?;
    let _turn = state.limits.read_turn(&caller).await?;
    let fared = of(&state, &id, window).await?;
    Ok(HttpResponse::Ok().json(StatsView::new(&id, &fared)))
}

/// How it fared: four windows are told from the sums, any other is counted in the log.
pub(super) async fn of(state: &State, id: &str, window: Duration) -> Result<Stats, Problem> {
    let length = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    Ok(match Window::of(length) {
        Some(window) => state.dispatcher.window(id, window).await?,
        None => state.dispatcher.stats(id, length).await?,
    })
}

pub(super) fn window(text: &str) -> Result<Duration, Fault> {
    let read = duration(text).ok().filter(|window| (SHORTEST..=LONGEST).contains(window));
    read.ok_or_else(|| Fault::Duration { min: "1m", max: "30d", found: shown(text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_have_limits() {
        assert_eq!(window("24h"), Ok(WINDOW));
        for bad in ["", "0s", "59s", "31d", "24", "-1h"] {
            assert!(window(bad).is_err(), "{bad}");
        }
    }
}
