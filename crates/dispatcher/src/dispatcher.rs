//! The dispatcher: opened with a configuration, given events, asked what happened, shut down.

use std::{
    sync::{Arc, Mutex, atomic::AtomicI64},
    thread::{self, JoinHandle},
    time::Duration,
};

use bluehook_core::{event::Event, payload, webhook::PayloadFormat, webhook::Webhook};
use tokio::sync::{oneshot, watch};

use crate::{
    Error, Result, Terms,
    accept::{self, Accept, Answer, Gate, Matched},
    audit::Author,
    background::Background,
    clock::Clock,
    config::Config,
    counters::Counters,
    directory::{Company, Project, Role, User},
    id::{Ids, Kind},
    keys,
    know::{Entry, Known, World},
    log::{
        Accepted, Delivery, DeliveryDetail, DeliveryQuery, EventDetail, EventQuery, Page, PageQuery,
        StoredEvent,
    },
    manage::WEBHOOK_NOT_FOUND,
    net::{Clients, Guard, check::Checker},
    rescue::{self, Gone},
    select,
    standing::Off,
    store::{
        self, Condition, Context, Opened, Store, attempts, events, fares, lists, settings, sums, told,
        webhooks,
    },
    test_send::Tests,
    threads::Threads,
    worker::{Surroundings, Workers},
};

/// A number that nothing has.
pub(crate) const NO_SUCH: i64 = -1;

/// How many events of one call are looked at before others have their turn.
const TURN: usize = 32;

/// Takes events in and sends them, signed, to the webhooks that want them. Cloned freely; all clones are one.
#[derive(Clone)]
pub struct Dispatcher {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) known: Known,
    pub(crate) guard: Guard,
    pub(crate) checker: Checker,
    pub(crate) terms: Arc<Terms>,
    pub(crate) workers: Workers,
    pub(crate) store: Store,
    pub(crate) tests: Tests,
    pub(crate) gate: Gate,
    pub(crate) background: Background,
    /// Whose changes are made through this one.
    pub(crate) author: Arc<Author>,
    commits: watch::Receiver<u64>,
    /// The number after the last commit on disk that changed something.
    pub(crate) changes_end: Arc<AtomicI64>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) condition: Condition,
    pub(crate) threads: Threads,
    ending: Arc<Ending>,
}

/// What shutting down needs.
struct Ending {
    begun: watch::Sender<bool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// An event that was handed in.
struct Submitted {
    event: Arc<Event>,
    /// How often it was matched.
    times: u32,
    answer: oneshot::Receiver<Result<Answer>>,
}

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

    /// Takes an event in. Returns when it and its deliveries are on disk; they are then sent without anybody's asking.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Conflict`] when its id was used for other content, [`Error::Overloaded`],
    /// [`Error::ShuttingDown`], [`Error::Unavailable`], [`Error::Store`]. The event was not taken in then.
    pub async fn dispatch(&self, event: Event) -> Result<Accepted> {
        let submitted = self.submit(Arc::new(event), 1).await?;
        self.taken(submitted).await
    }

    /// Takes several events in, each for itself; they share one wait for the disk. The results are in their order.
    pub async fn dispatch_all(&self, events: Vec<Event>) -> Vec<Result<Accepted>> {
        let mut submitted = Vec::with_capacity(events.len());
        for (i, event) in events.into_iter().enumerate() {
            submitted.push(self.submit(Arc::new(event), 1).await);
            if i % TURN == TURN - 1 {
                // Others that are answered by this thread are not to wait for all of them.
                tokio::task::yield_now().await;
            }
        }
        let mut results = Vec::with_capacity(submitted.len());
        for answer in submitted {
            results.push(match answer {
                Ok(submitted) => self.taken(submitted).await,
                Err(error) => Err(error),
            });
        }
        results
    }

    /// Waits until an event that was handed in is on disk.
    async fn taken(&self, mut submitted: Submitted) -> Result<Accepted> {
        loop {
            match submitted.answer.await.map_err(|_| Error::ShuttingDown)?? {
                Answer::Accepted(accepted) => return Ok(accepted),
                Answer::Stale => submitted = self.submit(submitted.event, submitted.times + 1).await?,
            }
        }
    }

    async fn submit(&self, event: Arc<Event>, times: u32) -> Result<Submitted> {
        if *self.ending.begun.borrow() {
            return Err(Error::ShuttingDown);
        }
        if let Some(trouble) = self.condition.refuses() {
            return Err(Error::Unavailable(trouble));
        }
        let waiting = self.gate.enter().inspect_err(|_| self.counters.refused())?;
        let matched = self.select(event.clone(), times).await?;
        let (reply, answer) = oneshot::channel();
        self.store.submit(Box::new(Accept::new(matched, &self.workers, waiting, reply)))?;
        Ok(Submitted { event, times, answer })
    }

    /// The webhooks that want an event. Where asking their filters takes long it is done aside, one event of a company at a
    /// time: nobody else waits for it.
    async fn select(&self, event: Arc<Event>, times: u32) -> Result<Matched> {
        let world = self.known.now();
        let version = world.version_of(&event.company_id);
        let candidates = accept::candidates(&event, &world)?;
        drop(world);
        if select::is_light(&candidates, &event) {
            let selected = select::select(candidates, &event).collect();
            return Ok(Matched { event, version, selected, times });
        }
        let company = event.company_id.clone();
        let ask = move || {
            let selected = select::select(candidates, &event).collect();
            Matched { event, version, selected, times }
        };
        self.background.run(&company, ask).await
    }

    /// Whether events are taken in.
    ///
    /// # Errors
    /// [`Error::ShuttingDown`], or [`Error::Unavailable`] with what is the matter.
    pub fn ready(&self) -> Result<()> {
        if *self.ending.begun.borrow() {
            return Err(Error::ShuttingDown);
        }
        self.condition.trouble().map_or(Ok(()), |trouble| Err(Error::Unavailable(trouble)))
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

    /// Changes whenever something was written: an event taken in, an attempt recorded, a webhook changed. Whoever waits
    /// for one of these asks again after each change.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.clone()
    }

    /// The webhook with this id.
    pub fn webhook(&self, id: &str) -> Option<Arc<Webhook>> {
        self.entry(id).ok().map(|entry| entry.webhook.clone())
    }

    pub(crate) fn entry(&self, id: &str) -> Result<Arc<Entry>> {
        self.known.now().find(id).cloned().ok_or(WEBHOOK_NOT_FOUND)
    }

    /// Why a webhook is off; none when it is on.
    pub fn off(&self, id: &str) -> Option<Arc<Off>> {
        self.entry(id).ok()?.off.clone()
    }

    /// A company of the directory.
    pub fn company(&self, id: &str) -> Option<Company> {
        self.known.now().directory.companies.get(id).cloned()
    }

    /// A project of the directory.
    pub fn project(&self, id: &str) -> Option<Project> {
        self.known.now().directory.projects.get(id).cloned()
    }

    /// A person of the directory.
    pub fn user(&self, id: &str) -> Option<User> {
        self.known.now().directory.users.get(id).cloned()
    }

    /// What a person may do in a project; none when they are not a member.
    pub fn role(&self, project_id: &str, user_id: &str) -> Option<Role> {
        self.known.now().directory.role(project_id, user_id)
    }

    /// The projects of a company, by name.
    pub fn projects(&self, company_id: &str) -> Vec<Project> {
        let of_company = |project: &&Project| project.company_id == company_id;
        let mut projects: Vec<Project> =
            self.known.now().directory.projects.values().filter(of_company).cloned().collect();
        projects.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        projects
    }

    /// A page of events, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none, [`Error::Store`].
    pub async fn events(&self, query: EventQuery, page: PageQuery) -> Result<Page<StoredEvent>> {
        let (ids, first) = (self.ids.clone(), self.first_event(query.company_id.as_deref(), None));
        self.store.read(move |connection| lists::events(connection, &ids, (&query, first), &page)).await
    }

    /// The event with this id, within a company where one is named, with up to `limit` of its deliveries.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn event(
        &self,
        id: &str,
        company_id: Option<&str>,
        limit: usize,
    ) -> Result<Option<EventDetail>> {
        let first = self.first_event(company_id, None);
        let (ids, id, company_id) = (self.ids.clone(), id.to_owned(), company_id.map(str::to_owned));
        let known = self.known.now();
        let find = move |connection: &rusqlite::Connection| {
            let number = lists::event_number(connection, &ids, &id, company_id.as_deref())?;
            let number = number.filter(|number| *number >= first);
            let found = number.map(|number| events::get(connection, &ids, number)).transpose()?.flatten();
            let is_of = |found: &EventDetail| {
                company_id.as_ref().is_none_or(|company| found.event.company_id == *company)
            };
            let Some(mut found) = found.filter(is_of) else { return Ok(None) };
            let query = DeliveryQuery {
                event_id: Some(found.event.id.clone()),
                company_id: Some(found.event.company_id.clone()),
                ..DeliveryQuery::default()
            };
            let first = known.directory.first_event(query.company_id.as_deref(), None);
            let page = PageQuery { limit, cursor: None };
            // In one reading: who waits for a second turn would hold the values meanwhile.
            found.deliveries = lists::deliveries(connection, &ids, (&query, first), &page)?.items;
            Ok(Some(found))
        };
        self.store.read(find).await
    }

    /// A page of deliveries, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none, [`Error::Store`].
    pub async fn deliveries(&self, query: DeliveryQuery, page: PageQuery) -> Result<Page<Delivery>> {
        let first = self.first_event(query.company_id.as_deref(), query.created_by_id.as_deref());
        let ids = self.ids.clone();
        self.store.read(move |connection| lists::deliveries(connection, &ids, (&query, first), &page)).await
    }

    /// The first event of the time of a company and a person, as far as they are named.
    pub(crate) fn first_event(&self, company_id: Option<&str>, user_id: Option<&str>) -> i64 {
        self.known.now().directory.first_event(company_id, user_id)
    }

    /// Whose a delivery is: the company and the person that its webhook belongs to. What is not there takes as long.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn delivery_owner(&self, id: &str) -> Result<Option<(String, String)>> {
        let number = self.ids.number(Kind::Delivery, id).unwrap_or(NO_SUCH);
        self.store.read(move |connection| told::owner(connection, number)).await
    }

    /// The delivery with this id: its exact body, and every attempt.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn delivery(&self, id: &str) -> Result<Option<DeliveryDetail>> {
        let number = self.ids.number(Kind::Delivery, id).unwrap_or(NO_SUCH);
        let ids = self.ids.clone();
        self.store.read(move |connection| delivery_detail(connection, &ids, number)).await
    }

    /// A small setting that the program keeps beside the data.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn setting(&self, name: impl Into<String>) -> Result<Option<String>> {
        let name = name.into();
        self.store.read(move |connection| settings::get(connection, &name)).await
    }

    /// Every small setting whose name begins with `prefix`: names and values, by name.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn settings(&self, prefix: &'static str) -> Result<Vec<(String, String)>> {
        self.store.read(move |connection| settings::beginning_with(connection, prefix)).await
    }

    /// Keeps a small setting.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn set_setting(&self, name: impl Into<String>, value: String) -> Result<()> {
        let name = name.into();
        self.store.change(move |tx, _| settings::set(tx, &name, &value)).await
    }

    /// Forgets a small setting. One that is not there is forgotten already.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn delete_setting(&self, name: impl Into<String>) -> Result<()> {
        let name = name.into();
        self.store.change(move |tx, _| settings::delete(tx, &name)).await
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

/// A delivery with its body rendered again: the same bytes that were sent.
fn delivery_detail(
    connection: &rusqlite::Connection,
    ids: &Ids,
    number: i64,
) -> Result<Option<DeliveryDetail>> {
    let Some(found) = told::get(connection, ids, number)? else { return Ok(None) };
    let Some(event) = events::get_source(connection, found.event)? else { return Ok(None) };
    let format = PayloadFormat::from_name(&found.payload_format).unwrap_or_default();
    let body = payload::render(format, &(&event).into(), &found.body_object);
    Ok(Some(DeliveryDetail {
        delivery: found.delivery,
        url: found.url,
        company_id: found.company_id,
        created_by_id: found.created_by_id,
        body,
        attempts: attempts::of_delivery(connection, ids, number)?,
        attempts_total: attempts::count(connection, number)?,
    }))
}

/// Opens everything. What is wrong with the database is told with its name.
fn start(config: Config, clock: Clock) -> Result<Dispatcher> {
    let database = config.database.clone();
    started(config, clock).map_err(|error| error.of_database(&database))
}

fn started(config: Config, clock: Clock) -> Result<Dispatcher> {
    let opened = store::open(&config.database)?;
    let config = Arc::new(config);
    let ids = Ids::of_database(&opened.connection)?;
    keys::check(&opened.connection, &config.encryption_key)?;
    let known = Known::new(load(&opened, &config)?);
    let marks = keys::marks(&opened.connection, &config.encryption_key)?;
    let guard = Guard::new(&config)?;
    let clients = Clients::new(guard.clone(), &config)?;
    let checker = clients.checker();
    let (workers, unstarted) = Workers::new(config.workers);
    let (backlog, gone) = count_waiting(&opened, &known.now())?;
    let backlog = Arc::new(AtomicI64::new(backlog));
    let gate = Gate::new(backlog.clone(), config.max_backlog);
    let shared = (config.clone(), clock.clone(), ids.clone(), known.clone(), workers.clone());
    let context = Context::new(&opened, shared, (backlog, marks, gone))?;
    let lasting = context.lasting.clone();
    let (commits, counters) = (lasting.commits.subscribe(), lasting.counters.clone());
    let guarded = Threads::default();
    let (store, writer) = Store::start(opened, context, &guarded)?;
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
fn count_waiting(opened: &Opened, world: &World) -> Result<(i64, Gone)> {
    let (mut backlog, mut gone) = (0, Gone::default());
    for (key, [live, held]) in fares::read(&opened.connection)? {
        backlog += live;
        match world.entry(key) {
            Some(entry) => entry.load.begin_with([live, held]),
            None if held > 0 => gone.add(key),
            None => {}
        }
    }
    Ok((backlog, gone))
}

fn load(opened: &Opened, config: &Config) -> Result<World> {
    let mut world = World::new(store::directory::load(&opened.connection)?);
    let lately = sums::attempted_lately(&opened.connection)?;
    for entry in webhooks::load(&opened.connection, &config.encryption_key)? {
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

#[cfg(test)]
mod tests;
