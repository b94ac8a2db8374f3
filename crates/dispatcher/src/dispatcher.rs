//! The dispatcher: opened with a configuration, given events, asked what happened, shut down.

use std::{
    sync::{Arc, Mutex, atomic::AtomicI64},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::{oneshot, watch};

use crate::{
    Error, Result, Terms,
    background::Background,
    clock::Clock,
    config::Config,
    features::{Dispatcher, Ending, test_send::Tests},
    know::{Known, World},
    ledger::{Context, Store, accept::Gate, gone::Gone},
    line::Workers,
    schedule::rescue,
    send::{
        net::{Clients, Guard},
        worker::Surroundings,
    },
    store::{self, Snapshot, sqlite},
    threads::Threads,
};

impl Dispatcher {
    /// Opens the store, takes up what an earlier process left behind, and starts the workers.
    ///
    /// # Errors
    /// [`Error::Store`] when the database cannot be opened, or another process has it; [`Error::Config`] when the
    /// configuration cannot work.
    pub async fn open(config: Config) -> Result<Dispatcher> {
        Dispatcher::open_with_clock(config, Clock::system()).await
    }

    /// The same with a clock of the caller's.
    ///
    /// # Errors
    /// As [`Dispatcher::open`].
    pub async fn open_with_clock(config: Config, clock: Clock) -> Result<Dispatcher> {
        // On a thread of its own: whoever gives up waiting, or ends, is not held up by it.
        let (reply, opened) = oneshot::channel();
        let opening = thread::Builder::new().name("bluehook-open".to_owned());
        let opening = opening.spawn(move || drop(reply.send(start(config, clock))));
        opening.map_err(|error| Error::Config(format!("a thread could not be started: {error}")))?;
        opened.await.map_err(|_| Error::ShuttingDown)?
    }

    /// Starts no attempt any more; events are still taken in. The beginning of an end.
    pub fn start_no_more(&self) {
        self.workers.end();
    }

    /// Ends: nothing more is taken in, what is under way ends within its time, everything is written. What waits is taken
    /// up at the next start.
    pub async fn shutdown(&self) {
        self.end(None).await;
    }

    /// The same, but no longer than this: attempts that are still under way then are made again by the next start.
    pub async fn shutdown_within(&self, longest: Duration) {
        self.end(Some(longest)).await;
    }

    async fn end(&self, longest: Option<Duration>) {
        self.ending.begun.send_replace(true);
        self.workers.end();
        self.background.end();
        let threads =
            self.ending.threads.lock().map(|mut threads| std::mem::take(&mut *threads)).unwrap_or_default();
        // The workers get all but what the writer may need.
        joined(threads, longest.map(|longest| longest * 9 / 10)).await;
        // They and the rescue have handed over what they had; the writer ends behind all of it.
        self.store.end();
        let writer = self.ending.writer.lock().map(|mut writer| writer.take()).unwrap_or_default();
        joined(writer.into_iter().collect(), longest.map(|longest| longest / 10)).await;
    }
}

/// Waits until threads have ended, but no longer than this.
async fn joined(threads: Vec<JoinHandle<()>>, longest: Option<Duration>) {
    let (ended, all_ended) = oneshot::channel();
    let join = move || {
        for thread in threads {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
        // Whoever waits no longer need not know.
        let _ = ended.send(());
    };
    // Not one of the runtime's threads: a runtime waits for those when it ends.
    if let Err(error) = thread::Builder::new().name("bluehook-end".to_owned()).spawn(join) {
        return tracing::error!(%error, "the end could not be waited for");
    }
    let Some(longest) = longest else {
        // The thread ends in no other way.
        let _ = all_ended.await;
        return;
    };
    if tokio::time::timeout(longest, all_ended).await.is_err() {
        tracing::warn!("what was under way did not end in time; the next start takes it up");
    }
}

/// Opens everything. What is wrong with the database is told with its name.
fn start(config: Config, clock: Clock) -> Result<Dispatcher> {
    let database = config.database.clone();
    started(config, clock).map_err(|error| error.of_database(&database))
}

fn started(config: Config, clock: Clock) -> Result<Dispatcher> {
    let mut open = sqlite::open(&config.database)?;
    let config = Arc::new(config);
    let ids = store::ids::of(&mut *open.lane)?;
    store::keys::check(open.lane.snapshot(), &config.encryption_key)?;
    let known = Known::new(load(open.lane.snapshot(), &config)?);
    let marks = store::keys::marks(&mut *open.lane, &config.encryption_key)?;
    let guard = Guard::new(&config)?;
    let clients = Clients::new(guard.clone(), &config)?;
    let checker = clients.checker();
    let (workers, unstarted) = Workers::new(config.workers);
    let (backlog, gone) = count_waiting(open.lane.snapshot(), &known.now())?;
    let backlog = Arc::new(AtomicI64::new(backlog));
    let gate = Gate::new(backlog.clone(), config.max_backlog);
    let shared = (config.clone(), clock.clone(), ids.clone(), known.clone(), workers.clone());
    let context = Context::new(&mut *open.lane, shared, (backlog, marks, gone))?;
    let lasting = context.lasting.clone();
    let (commits, counters) = (lasting.commits.subscribe(), lasting.counters.clone());
    let guarded = Threads::default();
    let (store, writer) = Store::start(open, context, &guarded)?;
    let surroundings = Surroundings {
        config: config.clone(),
        clock: clock.clone(),
        known: known.clone(),
        ids: ids.clone(),
        clients,
        counters: counters.clone(),
    };
    let mut threads = unstarted.start(&surroundings, &store, &guarded)?;
    let (background, aside) = Background::start(&guarded)?;
    threads.extend(aside);
    let (begun, ended) = watch::channel(false);
    threads.push(start_rescue((&store, &workers), &clock, &config, ended, &guarded)?);
    let ending = Arc::new(Ending { begun, threads: Mutex::new(threads), writer: Mutex::new(Some(writer)) });
    Ok(Dispatcher {
        clock,
        ids,
        known,
        checker,
        terms: Arc::new(Terms::of(&config)),
        guard,
        workers,
        store,
        tests: Tests::default(),
        gate,
        background,
        author: Arc::default(),
        commits,
        changes_end: lasting.changes_end,
        counters,
        condition: lasting.condition,
        threads: guarded,
        ending,
    })
}

/// Counts what waits for each webhook. Gives how many deliveries wait in all, and the webhooks that are gone and for which
/// something is held.
fn count_waiting(snapshot: &dyn Snapshot, world: &World) -> Result<(i64, Gone)> {
    let (mut backlog, mut gone) = (0, Gone::default());
    for (key, [live, held]) in snapshot.fares()? {
        backlog += live;
        match world.entry(key) {
            Some(entry) => entry.load.begin_with([live, held]),
            None if held > 0 => gone.add(key),
            None => {}
        }
    }
    Ok((backlog, gone))
}

fn load(snapshot: &dyn Snapshot, config: &Config) -> Result<World> {
    let mut world = World::new(snapshot.directory()?);
    let lately = snapshot.attempted_lately()?;
    for entry in snapshot.webhooks(&config.encryption_key)? {
        if let (Some((at, succeeded)), Some(health)) = (lately.get(&entry.key), entry.load.health()) {
            entry.load.fares(health.known_later(*at, *succeeded));
        }
        world.put(Arc::new(entry));
    }
    Ok(world)
}

fn start_rescue(
    (store, workers): (&Store, &Workers),
    clock: &Clock,
    config: &Config,
    ended: watch::Receiver<bool>,
    threads: &Threads,
) -> Result<JoinHandle<()>> {
    let failed = |error: std::io::Error| Error::Config(format!("the rescue could not be started: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
    let times = (config.retention, config.audit_retention);
    let rescue = rescue::run(store.clone(), workers.clone(), clock.clone(), times, ended);
    threads.start("bluehook-rescue", move || runtime.block_on(rescue))
}
