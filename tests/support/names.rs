//! A name server on this machine that answers as the test says: every name alike, or each in its own way. It ends with the
//! value.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has to fail")]

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

/// What is answered to a question for addresses of one family.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// This address.
    Address(IpAddr),
    /// These addresses.
    Addresses(&'static [IpAddr]),
    /// The name is another name's alias, which has this address.
    Alias(Ipv4Addr),
    /// Over TCP alone: a datagram says that it is too short.
    OverTcp(Ipv4Addr),
    /// There is nothing of this family.
    NoData,
    /// There is no such name.
    NoSuchName,
    /// The same, to be believed for an hour.
    NoSuchNameForLong,
    /// An error of the server's: 2 is SERVFAIL, 5 is REFUSED.
    Failure(u8),
    /// No answer.
    Silence,
}

/// The server.
pub struct NameServer {
    /// Where it is asked.
    pub address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    running: Option<JoinHandle<()>>,
}

/// What to answer to a question for a name's addresses, of IPv6 or not.
type Script = Box<dyn FnMut(&str, bool) -> Reply + Send>;

struct Shared {
    script: Script,
    asked: Vec<String>,
    over: bool,
}

/// The header of a message (RFC 1035, 4.1.1), in bytes.
const HEADER: usize = 12;
/// The record type of IPv4 addresses (RFC 1035, 3.2.2).
const A: [u8; 2] = [0, 1];
/// The name at the question's place.
const SAME_NAME: [u8; 2] = [0xc0, 12];
/// `b.`
const OTHER_NAME: [u8; 3] = [1, b'b', 0];

impl NameServer {
    /// One that answers every name alike.
    pub fn start(v4: Reply, v6: Reply) -> NameServer {
        NameServer::scripted(move |_, is_v6| if is_v6 { v6 } else { v4 })
    }

    /// One that answers what is said for a name, in lower case, and whether IPv6 is asked for.
    pub fn scripted(script: impl FnMut(&str, bool) -> Reply + Send + 'static) -> NameServer {
        let (udp, tcp) = sockets();
        let address = udp.local_addr().unwrap();
        let shared =
            Arc::new(Mutex::new(Shared { script: Box::new(script), asked: Vec::new(), over: false }));
        let over_tcp = shared.clone();
        // It ends with the process.
        thread::spawn(move || serve_tcp(&tcp, &over_tcp));
        let over_udp = shared.clone();
        let running = thread::spawn(move || serve_udp(&udp, &over_udp));
        NameServer { address, shared, running: Some(running) }
    }

    /// Answers every name alike from now on.
    pub fn answers(&self, v4: Reply, v6: Reply) {
        self.shared.lock().unwrap().script = Box::new(move |_, is_v6| if is_v6 { v6 } else { v4 });
    }

    /// The names that were asked for.
    pub fn asked(&self) -> Vec<String> {
        self.shared.lock().unwrap().asked.clone()
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.shared.lock().unwrap().over = true;
        let waker = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        waker.send_to(&[], self.address).unwrap();
        self.running.take().unwrap().join().unwrap();
    }
}

/// The same port for datagrams and for connections.
fn sockets() -> (UdpSocket, TcpListener) {
    loop {
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
}

fn serve_udp(socket: &UdpSocket, shared: &Mutex<Shared>) {
    let mut query = [0; 512];
    while let Ok((length, from)) = socket.recv_from(&mut query) {
        if shared.lock().unwrap().over {
            return;
        }
        if let Some(response) = shared.lock().unwrap().respond(&query[..length], false) {
            socket.send_to(&response, from).unwrap();
        }
    }
}

fn serve_tcp(listener: &TcpListener, shared: &Mutex<Shared>) {
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut length = [0; 2];
        while stream.read_exact(&mut length).is_ok() {
            let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut query).unwrap();
            if let Some(response) = shared.lock().unwrap().respond(&query, true) {
                let length = u16::try_from(response.len()).unwrap().to_be_bytes();
                stream.write_all(&[&length[..], &response].concat()).unwrap();
            }
        }
    }
}

impl Shared {
    /// The response to a query for one name. Nothing may be remembered: the time to live is 0.
    fn respond(&mut self, query: &[u8], is_tcp: bool) -> Option<Vec<u8>> {
        let name = query[HEADER..].iter().position(|byte| *byte == 0).unwrap() + 1;
        let question = &query[HEADER..HEADER + name + 4];
        let asked = spelt(&question[..name]);
        let reply = (self.script)(&asked, question[name..name + 2] != A);
        self.asked.push(asked);
        let is_cut = matches!(reply, Reply::OverTcp(_)) && !is_tcp;
        let (code, answers, authorities) = match reply {
            Reply::Silence => return None,
            Reply::Address(address) => (0, vec![record(&SAME_NAME, address)], 0),
            Reply::Addresses(all) => (0, all.iter().map(|address| record(&SAME_NAME, *address)).collect(), 0),
            Reply::OverTcp(address) if is_tcp => (0, vec![record(&SAME_NAME, address.into())], 0),
            Reply::OverTcp(_) | Reply::NoData => (0, vec![], 0),
            Reply::Alias(address) => (0, vec![alias(), record(&OTHER_NAME, address.into())], 0),
            Reply::NoSuchName => (3, vec![], 0),
            Reply::NoSuchNameForLong => (3, vec![authority()], 1),
            Reply::Failure(code) => (code, vec![], 0),
        };
        let count = u8::try_from(answers.len()).unwrap() - authorities;
        // A response, authoritative, recursion available; one question.
        let flags = 0x84 | query[2] & 1 | if is_cut { 2 } else { 0 };
        let mut response = vec![query[0], query[1], flags, 0x80 | code, 0, 1, 0, count, 0, authorities, 0, 0];
        response.extend(question);
        response.extend(answers.concat());
        Some(response)
    }
}

/// A name as people spell it.
fn spelt(mut labels: &[u8]) -> String {
    let mut name = Vec::new();
    while let [length, rest @ ..] = labels {
        if *length == 0 {
            break;
        }
        let (label, more) = rest.split_at(usize::from(*length));
        name.push(String::from_utf8_lossy(label).into_owned());
        labels = more;
    }
    name.join(".").to_ascii_lowercase()
}

/// An address: class IN, the time to live, so many bytes.
fn record(name: &[u8], address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => [name, &[0, 1, 0, 1, 0, 0, 0, 0, 0, 4], &address.octets()[..]].concat(),
        IpAddr::V6(address) => [name, &[0, 28, 0, 1, 0, 0, 0, 0, 0, 16], &address.octets()[..]].concat(),
    }
}

/// The name asked for is an alias of the other.
fn alias() -> Vec<u8> {
    [&SAME_NAME[..], &[0, 5, 0, 1, 0, 0, 0, 0, 0, 3], &OTHER_NAME].concat()
}

/// Who is responsible (RFC 2308): what is not there is not there for an hour.
fn authority() -> Vec<u8> {
    const HOUR: [u8; 4] = 3_600_u32.to_be_bytes();
    let data = [&OTHER_NAME[..], &OTHER_NAME, &[HOUR; 5].concat()].concat();
    [&OTHER_NAME[..], &[0, 6, 0, 1], &HOUR, &[0, u8::try_from(data.len()).unwrap()], &data].concat()
}
