//! The steps of reading an answer: each takes some of what came, and gives what is left.

use super::{
    Cut, Fault, Reader, State,
    chunks::{Chunks, Taken},
    head::{Framing, Head},
    status,
};

impl Reader {
    /// Takes in some of what came; gives what is left.
    pub(super) fn take<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        match &mut self.state {
            State::Status => self.take_status(bytes),
            State::Fields { .. } => self.take_field(bytes),
            State::Length(left) => {
                let count = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
                let (body, rest) = bytes.split_at_checked(count).unwrap_or((bytes, &[]));
                *left -= body.len() as u64;
                if *left == 0 {
                    self.done();
                }
                self.keep(body);
                rest
            }
            State::Chunks(chunks) => {
                let (taken, rest) = chunks.take(&mut self.lines, bytes);
                match taken {
                    Taken::More => {}
                    Taken::Data(data) => self.keep(data),
                    Taken::End => self.done(),
                    Taken::Broken => self.stop(Cut::Broken, Fault::Closed),
                }
                rest
            }
            State::UntilClose => {
                self.keep(bytes);
                &[]
            }
            State::Done | State::Failed(_) => bytes,
        }
    }

    fn take_status<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let (line, rest) = self.lines.take(bytes);
        let found = match line {
            Some(line) if line.bytes.is_empty() => return rest,
            Some(line) => status::read(&line.bytes),
            None => status::begins(self.lines.partial()).map(|()| None),
        };
        match found {
            Ok(None) => {}
            Ok(Some(status)) => {
                self.head = Head::new(status);
                self.state = State::Fields { interim: status.is_interim() };
            }
            Err(fault) => self.state = State::Failed(fault),
        }
        rest
    }

    fn take_field<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let (line, rest) = self.lines.take(bytes);
        match line {
            Some(line) if line.bytes.is_empty() => self.end_head(),
            Some(line) => self.head.line(&line),
            None => {}
        }
        rest
    }

    fn end_head(&mut self) {
        self.head.end();
        if matches!(self.state, State::Fields { interim: true }) {
            self.state = State::Status;
            return;
        }
        let framing = self.head.framing();
        self.keeps = framing.keeps;
        self.cut = framing.is_broken.then_some(Cut::Broken);
        self.state = match framing.body {
            Framing::None | Framing::Length(0) => State::Done,
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::Chunks(Chunks::default()),
            Framing::UntilClose => State::UntilClose,
        };
    }
}
