//! Work that takes long, such as filters on large values: on threads of its own that give way to the others, and for each
//! company one piece at a time, so that neither those who send nor those who answer wait for it, nor other companies'.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
};

use tokio::sync::{Semaphore, oneshot};

use crate::{Error, Result, threads::Threads};

/// How many threads there are.
const THREADS: usize = 2;

/// The most pieces of work that wait or are under way.
const MAX_WAITING: usize = 1_024;

type Piece = Box<dyn FnOnce() + Send>;

/// Where work is handed in. Cloned freely; all clones are one.
#[derive(Clone)]
pub(crate) struct Background {
    sender: Arc<Mutex<Option<mpsc::Sender<Piece>>>>,
    /// Of each company that has something here.
    turns: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    room: Arc<Semaphore>,
}

impl Background {
    /// Starts the threads.
    pub(crate) fn start(threads: &Threads) -> Result<(Background, Vec<JoinHandle<()>>)> {
        let (sender, receiver) = mpsc::channel::<Piece>();
        let receiver = Arc::new(Mutex::new(receiver));
        let start = |_| {
            let receiver = receiver.clone();
            threads.start("bluehook-aside", move || work(&receiver))
        };
        let threads = (0..THREADS).map(start).collect::<Result<_>>()?;
        let room = Arc::new(Semaphore::new(MAX_WAITING));
        let sender = Arc::new(Mutex::new(Some(sender)));
        Ok((Background { sender, turns: Arc::default(), room }, threads))
    }

    /// Does a piece of work when it is the company's turn.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when too much waits, [`Error::ShuttingDown`].
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        company: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let room = self.room.clone().try_acquire_owned();
        let room = room.map_err(|_| Error::Overloaded { retry_after_seconds: 5 })?;
        let turn = self.turn(company).acquire_owned().await.map_err(|_| Error::ShuttingDown)?;
        let (reply, answer) = oneshot::channel();
        let piece = move || {
            // Who does not wait any more does not need the answer.
            let _ = reply.send(work());
            drop((room, turn));
        };
        self.hand_in(Box::new(piece))?;
        answer.await.map_err(|_| Error::ShuttingDown)
    }

    /// Lets the threads end when they have done what was handed in.
    pub(crate) fn end(&self) {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn hand_in(&self, piece: Piece) -> Result<()> {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = sender.as_ref().ok_or(Error::ShuttingDown)?;
        sender.send(piece).map_err(|_| Error::ShuttingDown)
    }

    fn turn(&self, company: &str) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if !turns.contains_key(company) {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        turns.entry(company.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(1))).clone()
    }
}

fn work(pieces: &Mutex<mpsc::Receiver<Piece>>) {
    give_way();
    loop {
        let next = pieces.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(piece) = next else { return };
        // One that panics has said so, and whoever waits for it hears that it did not end.
        let _ = catch_unwind(AssertUnwindSafe(piece));
    }
}

/// How far this thread stands behind the others, of 19.
#[cfg(target_os = "linux")]
const BEHIND: i32 = 10;

/// Lets other threads run first. On Linux a thread has a priority of its own.
#[cfg(target_os = "linux")]
fn give_way() {
    let this = Some(rustix::thread::gettid());
    if let Err(error) = rustix::process::setpriority_process(this, BEHIND) {
        tracing::debug!(%error, "a thread could not be made to give way");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_company_has_one_piece_at_a_time_and_others_go_on() {
        let (background, threads) = Background::start(&Threads::default()).unwrap();
        let (release, released) = mpsc::channel::<()>();
        let (begun, is_begun) = oneshot::channel();
        let long = background.run("a", move || {
            let _ = begun.send(());
            released.recv().is_err()
        });
        let second = background.run("a", || 2);
        let other = async {
            is_begun.await.unwrap();
            let answer = background.run("b", || 3).await.unwrap();
            drop(release);
            answer
        };
        let (long, second, other) = tokio::join!(long, second, other);
        assert_eq!((long.unwrap(), second.unwrap(), other), (true, 2, 3));
        assert!(background.run("a", || panic!("of a test")).await.is_err());
        assert_eq!(background.run("a", || 4).await.unwrap(), 4);
        background.end();
        assert!(matches!(background.run("a", || ()).await, Err(Error::ShuttingDown)));
        for thread in threads {
            thread.join().unwrap();
        }
    }
}
