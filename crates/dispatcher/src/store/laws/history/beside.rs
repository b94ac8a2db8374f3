//! What is kept beside the log: the directory, settings, who did what, replays and jobs.

use super::logging::TYPES;
use super::{HOUR, History};
use crate::{
    model::{
        age::Age,
        audit::{Action, Author, FieldChange, Note, Object, Who},
        directory::{Births, Company, DirectoryChange, Life, Project, Role, User},
        job::JobState,
        replay::{ReplayQuery, ReplayState},
    },
    store::{
        Change,
        change::NewReplay,
        laws::{dice::Dice, memory::Data},
        rows::Tail,
        snapshot::{Kept, Waits},
    },
};
use bluehook_core::delivery::Status;

/// Names of settings, some of which begin like others.
pub(in crate::store::laws) const SETTINGS: [&str; 4] = ["law", "law-a", "law%", "laws"];

impl History {
    pub(super) fn directory(&mut self, dice: &mut Dice) {
        let (company, project, user) =
            (format!("c{}", dice.below(2)), format!("p{}", dice.below(3)), format!("u{}", dice.below(3)));
        let known = self.with(|data| {
            let directory = &data.directory;
            let has = |id: &str| directory.companies.contains_key(id);
            (has(&company), directory.projects.contains_key(&project), directory.users.contains_key(&user))
        });
        let change = match (dice.below(10), known) {
            (0, _) => DirectoryChange::DeleteCompany(company),
            (1, _) => DirectoryChange::DeleteProject(project),
            (2, _) => DirectoryChange::DeleteUser(user),
            (3, _) => DirectoryChange::DeleteMember { project_id: project, user_id: user },
            (4..=6, (_, true, true)) => {
                let role = dice.pick(&Role::ALL).unwrap();
                DirectoryChange::PutMember { project_id: project, user_id: user, role }
            }
            (7, (true, ..)) => {
                let (name, slug) = (format!("P{}", dice.below(9)), None);
                DirectoryChange::PutProject(Project { id: project, company_id: company, name, slug })
            }
            (4 | 8, _) => {
                let (email, full_name) = (format!("{user}@c.example"), format!("U {}", dice.below(9)));
                let locale = dice.one_in(2).then(|| "it".to_owned());
                DirectoryChange::PutUser(User { id: user, email, full_name, locale })
            }
            _ => {
                let slug = dice.one_in(2).then(|| format!("short-{company}"));
                DirectoryChange::PutCompany(Company {
                    id: company,
                    name: format!("C{}", dice.below(9)),
                    slug,
                })
            }
        };
        let born = Life { birth: dice.within(1..99), since: self.numbers.last() + 1 };
        let is_new = self.with(|data| !data.directory.knows(&change));
        let makes = matches!(
            change,
            DirectoryChange::PutCompany(_) | DirectoryChange::PutProject(_) | DirectoryChange::PutUser(_)
        );
        let life = (is_new && makes).then_some(born);
        self.put(move |group| group.put(Change::Directory(&change, life)));
    }

    /// A setting, a caller's key, what time it is believed to be.
    pub(super) fn beside(&mut self, dice: &mut Dice) {
        let (name, now) = (dice.pick(&SETTINGS).unwrap(), self.now);
        match dice.below(6) {
            0 => self.put(move |group| group.put(Change::Setting(name, None))),
            1 => {
                let before = now - dice.within(0..HOUR);
                self.put(move |group| group.put(Change::ForgetCreations { before }));
            }
            2 => {
                let (age, last) = (Age::at(self.latest), self.numbers.last());
                self.put(move |group| group.put(Change::Age(age)));
                self.put(move |group| group.put(Change::LastNumber(last)));
            }
            3 | 4 => self.creation(dice),
            _ => {
                let value = format!("value {}", dice.below(99));
                self.put(move |group| group.put(Change::Setting(name, Some(&value))));
            }
        }
    }

    fn creation(&mut self, dice: &mut Dice) {
        let key = vec![u8::try_from(dice.below(6)).unwrap(); 3];
        let webhook = dice.pick(&self.there());
        let is_known = self.with(|data| data.creations.contains_key(&key));
        let Some(webhook) = webhook.filter(|_| !is_known) else { return };
        let (content, at) = (dice.any().to_be_bytes(), self.now);
        self.put(move |group| group.put(Change::Creation { key: &key, content: &content, webhook, at }));
    }

    pub(super) fn audit(&mut self, dice: &mut Dice) {
        let whos = [Who::Service, Who::Server, Who::Person(format!("u{}", dice.below(2)))];
        let author = Author {
            who: dice.pick(&whos).unwrap(),
            token_id: dice.one_in(2).then(|| "tok_1".to_owned()),
            session_id: None,
            from: dice.one_in(2).then(|| "203.0.113.9".to_owned()),
        };
        let (before, after) = (serde_json::Value::Null, dice.below(9).into());
        let note = Note {
            action: dice.pick(&Action::ALL[..3]).unwrap(),
            object: Object::new("WEBHOOK", "w1", dice.one_in(2).then_some("a name")),
            owner: dice.one_in(2).then(|| (format!("c{}", dice.below(2)), format!("u{}", dice.below(2)))),
            webhook_id: dice.one_in(2).then(|| format!("w{}", dice.below(3))),
            changes: vec![FieldChange { field: "name".to_owned(), before, after }],
        };
        let births = births(dice);
        let at = self.now;
        self.put(move |group| group.put(Change::Audit { at, author: &author, births, note: &note }));
    }

    /// A replay begins, goes on or ends.
    pub(super) fn replay(&mut self, dice: &mut Dice) {
        let running = self.with(Kept::running_replays).unwrap();
        if let Some(job) = dice.pick(&running).filter(|_| !dice.one_in(3)) {
            let again = self.with(|data| data.next_again(&job, &Tail::default(), 2, &|_, _| true)).unwrap();
            let number = job.number;
            let state = if dice.one_in(4) { ReplayState::Cancelled } else { ReplayState::Completed };
            let last = again.numbers.last().map(|(number, _)| *number);
            match again.reached.or(last).filter(|_| !dice.one_in(4)) {
                None => self.put(move |group| group.put(Change::ReplayEnded(number, state))),
                Some(position) => self.put(move |group| {
                    group.put(Change::ReplayReached { number, position, done: 2, skipped: 1 })
                }),
            }
            return;
        }
        let Some(webhook) = dice.pick(&self.there()) else { return };
        let query = self.replay_query(webhook, dice);
        let (number, at) = (self.with(Kept::next_job).unwrap(), self.now);
        let position = self.with(|data| data.position_before(query.since)).unwrap();
        let total = self.with(|data: &Data| data.count_again(webhook, &query, &|_, _| true)).unwrap();
        self.put(move |group| {
            let query = &query;
            group.put(Change::Replay(NewReplay { number, webhook, query, position, total, at }))
        });
    }

    pub(in crate::store::laws) fn replay_query(&self, webhook: i64, dice: &mut Dice) -> ReplayQuery {
        let ended = [Status::Succeeded, Status::Failed, Status::Held, Status::Cancelled];
        let since = self.latest - dice.within(0..3 * super::DAY);
        ReplayQuery {
            webhook_id: format!("w{webhook}"),
            since,
            until: since + dice.within(1..4 * super::DAY),
            status: dice.maybe(&ended),
            event: if dice.one_in(3) { dice.pick(&TYPES) } else { None },
        }
    }

    /// A job begins, goes on or ends.
    pub(super) fn job(&mut self, dice: &mut Dice) {
        let (at, total) = (self.now, u64::try_from(dice.below(99)).unwrap());
        match self.with(Kept::running_job).unwrap() {
            None => {
                let number = self.with(Kept::next_job).unwrap();
                self.put(move |group| group.put(Change::Job { number, total, at }));
            }
            Some(job) if dice.one_in(2) => self.put(move |group| {
                group.put(Change::JobReached { number: job.number, position: job.position + 3, done: 2 })
            }),
            Some(job) => {
                let (state, detail) = match dice.below(2) {
                    0 => (JobState::Completed, None),
                    _ => (JobState::Failed, Some("a key is missing")),
                };
                self.put(move |group| {
                    let detail = detail.map(Into::into);
                    group.put(Change::JobEnded { number: job.number, state, detail, at })
                });
            }
        }
    }
}

/// Whose time something was done in.
pub(in crate::store::laws) fn births(dice: &mut Dice) -> Option<Births> {
    (!dice.one_in(4)).then(|| Births { user: dice.within(0..2), company: 1 })
}
