//! Events come in.

use bluehook_core::{
    event::{Event, EventType},
    json::RawJson,
    time::Millis,
};

use super::History;
use crate::{
    model::{changes::DeliveryStep, sums::Move},
    store::{
        Change,
        change::Place,
        laws::{dice::Dice, memory::Data},
        made::{MadeAs, Target},
        numbers, values,
    },
};

/// Some types of events.
pub(in crate::store::laws) const TYPES: [EventType; 3] =
    [EventType::TodoCreated, EventType::TagDeleted, EventType::CommentCreated];

impl History {
    pub(super) fn event(&mut self, dice: &mut Dice) {
        let event = self.new_event(dice);
        let known = |data: &Data| event.id.as_deref().and_then(|id| data.with_id(id, &event.company_id));
        // A company that came after another with its id gives ids again.
        if self.with(known).is_some() && !dice.one_in(8) {
            return;
        }
        let targets = self.targets(dice);
        self.log(event, targets);
    }

    /// Some event, whose caller gave it no id, is taken in with deliveries to these.
    pub(in crate::store::laws) fn log_one(&mut self, targets: Vec<Target>, dice: &mut Dice) -> i64 {
        let event = Event { id: None, ..self.new_event(dice) };
        self.log(event, targets)
    }

    /// An event is taken in with deliveries to these.
    pub(in crate::store::laws) fn log(&mut self, event: Event, targets: Vec<Target>) -> i64 {
        self.log_aged(event, targets, None)
    }

    /// The same, when its age counts from another time.
    pub(in crate::store::laws) fn log_aged(
        &mut self,
        event: Event,
        targets: Vec<Target>,
        age_from: Option<Millis>,
    ) -> i64 {
        let given = self.numbers.give(self.now, targets.len());
        let (number, received_at) = (given.number, given.at);
        if let Some(ahead) = given.step {
            self.put(move |group| group.put(Change::ClockStep { number, ahead }));
        }
        let (values, logged) = (values::pack(&event), targets.clone());
        self.put(move |group| {
            let place = Place { number, received_at, age_from, targets: &targets, values: &values };
            group.put(Change::Event(&event, place))
        });
        self.events.push(number);
        for (place, target) in logged.iter().enumerate() {
            let delivery = numbers::of_delivery(number, place);
            self.deliveries.push(delivery);
            let webhook = self.with(|data| data.revisions[&target.revision].webhook);
            let moved = Move::made(webhook, received_at, target.made_as.status());
            self.delivery_changes(moved, delivery, DeliveryStep::Created, 0);
        }
        number
    }

    pub(in crate::store::laws) fn new_event(&self, dice: &mut Dice) -> Event {
        let value = |dice: &mut Dice| {
            let text = format!("{{\"text\":\"{}\"}}", "water the plants, ".repeat(dice.below(30)));
            if dice.one_in(3) { RawJson::null() } else { RawJson::from_stored(text.into()) }
        };
        Event {
            id: dice.one_in(2).then(|| format!("id{}", dice.below(9))),
            event_type: dice.pick(&TYPES).unwrap(),
            company_id: format!("c{}", dice.below(2)),
            project_id: format!("p{}", dice.below(3)),
            user_id: format!("u{}", dice.below(3)),
            occurred_at: dice.one_in(2).then_some(self.now - 70),
            previous_value: value(dice),
            current_value: value(dice),
        }
    }

    /// Up to four of the webhooks that are there.
    fn targets(&self, dice: &mut Dice) -> Vec<Target> {
        let mut there = self.there();
        let mut targets = Vec::new();
        for _ in 0..dice.below(5).min(there.len()) {
            let key = there.swap_remove(dice.below(there.len()));
            let (revision, is_on) =
                self.with(|data| (data.webhooks[&key].revision, data.webhooks[&key].webhook.enabled));
            let made_as = if is_on { dice.pick(&MadeAs::ALL).unwrap() } else { MadeAs::Held };
            targets.push(Target { revision, made_as });
        }
        targets
    }
}
