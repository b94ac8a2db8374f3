//! A panic as a line of the log, in the form that the other lines have.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    panic::{PanicHookInfo, set_hook},
    thread,
};

use serde_json::Value;
use tracing::Level;

use super::{LAST_LINES, line::Form, queue::Lines};

/// Has panics told from now on.
pub(super) fn tell(lines: Lines, form: Form) {
    set_hook(Box::new(move |panic| {
        let thread = thread::current();
        let name = thread.name().unwrap_or("?");
        let mut fields = vec![("thread", Value::from(name))];
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            fields.push(("backtrace", trace.to_string().into()));
        }
        lines.offer(&form.line(Level::ERROR, &message(panic), &fields));
        if name == "main" {
            // It takes the process with it.
            lines.drain(LAST_LINES);
        }
    }));
}

fn message(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let why = panic.payload_as_str().unwrap_or("for a reason that is no text");
    format!("this program failed at {place}: {why}")
}
