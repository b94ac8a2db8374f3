//! What of a connection the requests on it can see: one that brought a valid service token stops counting, one whose body
//! is wanted says so, and one that could not be read says why.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    task::{Context, Waker},
};

use actix_web::HttpRequest;

use super::{addresses::Counted, head::Fault};
use crate::problem::Problem;

/// One connection.
#[derive(Default)]
pub(crate) struct Connection {
    counted: RefCell<Option<Counted>>,
    fault: Cell<Option<Fault>>,
    /// The caller waits to be told that its body is wanted.
    waits: Cell<bool>,
    /// It is to be told.
    wanted: Cell<bool>,
    /// A request is not answered yet.
    is_busy: Cell<bool>,
    /// Who has a next request and waits.
    next: RefCell<Option<Waker>>,
}

/// A request that is answered once this is dropped, with the last of its answer.
pub(crate) struct Answering(Rc<Connection>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.is_busy.set(false);
        if let Some(next) = self.0.next.take() {
            next.wake();
        }
    }
}

impl Connection {
    pub(super) fn new(counted: Option<Counted>) -> Rc<Connection> {
        Rc::new(Connection { counted: RefCell::new(counted), ..Connection::default() })
    }

    /// The connection that a request came over.
    pub(crate) fn of(request: &HttpRequest) -> Option<&Rc<Connection>> {
        request.conn_data()
    }

    /// The request that came last is being answered.
    pub(crate) fn answering(request: &HttpRequest) -> Option<Answering> {
        Connection::of(request).cloned().map(Answering)
    }

    /// Whether the request that came last is not answered yet.
    pub(super) fn is_busy(&self) -> bool {
        self.is_busy.get()
    }

    /// Wakes this task once it is.
    pub(super) fn wake_when_answered(&self, context: &Context<'_>) {
        self.next.replace(Some(context.waker().clone()));
    }

    /// A service is at the other end: the connection does not count any more.
    pub(crate) fn trust(&self) {
        self.counted.take();
    }

    /// The body of the request is about to be read: a caller that waits for this hears so.
    pub(crate) fn want_body(&self) {
        if self.waits.take() {
            self.wanted.set(true);
        }
    }

    /// What was wrong with the last head.
    pub(super) fn fault(&self) -> Option<Problem> {
        self.fault.get().map(Fault::problem)
    }

    pub(super) fn failed(&self, fault: Fault) {
        self.fault.set(Some(fault));
    }

    /// A head is over, whose caller waits or does not.
    pub(super) fn begin(&self, waits: bool) {
        self.waits.set(waits);
        self.wanted.set(false);
        self.is_busy.set(true);
    }

    /// Whether the caller is to be told now; only once.
    pub(super) fn take_wanted(&self) -> bool {
        self.wanted.take()
    }
}
