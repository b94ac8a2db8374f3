//! Several addresses, tried as RFC 8305 says: families in turn, each address a moment after the one before, the first
//! connection wins.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::time;

/// How long an address is tried alone (RFC 8305, 8).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// The most addresses that are tried.
const MAX_ADDRESSES: usize = 16;

/// The first connection that is made.
///
/// # Errors
/// That of the last address, but for a refusal, which says more than silence.
pub(super) async fn reach<T, F>(addresses: &[SocketAddr], dial: impl Fn(SocketAddr) -> F) -> io::Result<T>
where
    F: Future<Output = io::Result<T>>,
{
    let mut next = in_turn(addresses).into_iter().take(MAX_ADDRESSES).peekable();
    let mut dialled = FuturesUnordered::new();
    let mut error: io::Error = io::ErrorKind::AddrNotAvailable.into();
    dialled.extend(next.next().map(&dial));
    loop {
        let more = next.peek().is_some();
        tokio::select! {
            connected = dialled.next() => match connected {
                None => return Err(error),
                Some(Ok(connection)) => return Ok(connection),
                Some(Err(failed)) if error.kind() != io::ErrorKind::ConnectionRefused => error = failed,
                Some(Err(_)) => {}
            },
            () = time::sleep(ATTEMPT_DELAY), if more => {}
        }
        dialled.extend(next.next().map(&dial));
    }
}

/// The families in turn, that of the first address first.
fn in_turn(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (mut same, mut other): (Vec<SocketAddr>, Vec<SocketAddr>) =
        addresses.iter().rev().partition(|address| address.is_ipv6() == first_is_v6);
    let mut turns = Vec::with_capacity(addresses.len());
    while !same.is_empty() || !other.is_empty() {
        turns.extend(same.pop());
        turns.extend(other.pop());
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn families_take_turns() {
        let given = addresses(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "2.2.2.2:1"]);
        let expected = addresses(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "[::3]:1"]);
        assert_eq!(in_turn(&given), expected);
        assert_eq!(in_turn(&[]), []);
    }

    /// The first is silent, the second refuses, the third answers.
    #[tokio::test]
    async fn silence_costs_a_moment_and_a_refusal_nothing() {
        let began = time::Instant::now();
        let dialled = RefCell::new(Vec::new());
        let given = addresses(&["1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1"]);
        let dial = async |address: SocketAddr| {
            dialled.borrow_mut().push(address);
            let place = dialled.borrow().len();
            match place {
                1 => std::future::pending().await,
                2 => Err(io::ErrorKind::ConnectionRefused.into()),
                _ => Ok(address),
            }
        };
        assert_eq!(reach(&given, dial).await.unwrap(), given[2]);
        assert!(began.elapsed() >= ATTEMPT_DELAY && dialled.borrow().len() == 3);
    }

    #[tokio::test]
    async fn a_refusal_says_more_than_other_errors() {
        let given = addresses(&["1.1.1.1:1", "2.2.2.2:1"]);
        let dial = async |address: SocketAddr| -> io::Result<()> {
            let refused = address.ip().to_string() == "1.1.1.1";
            Err(if refused { io::ErrorKind::ConnectionRefused } else { io::ErrorKind::HostUnreachable }
                .into())
        };
        assert_eq!(reach(&given, dial).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }
}
