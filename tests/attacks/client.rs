//! Raw requests from an address of the attackers' own.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// Where attackers are.
const ATTACKERS: &str = "127.0.0.2:0";

/// How long an attacker waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much of an answer is kept.
const MAX_KEPT: usize = 64 * 1_024;

/// A connection of an attacker.
pub(crate) async fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(ATTACKERS.parse().map_err(io::Error::other)?)?;
    socket.connect(server).await
}

/// Sends some bytes and gives the beginning of what comes back until the server closes, or `PATIENCE` is over.
pub(crate) async fn ask(server: SocketAddr, bytes: &[u8]) -> io::Result<String> {
    let asked = async {
        let mut stream = connect(server).await?;
        // A server that refuses by the head alone may close before all of the body is sent.
        let _ = stream.write_all(bytes).await;
        let mut kept = Vec::new();
        let mut piece = vec![0; 64 * 1_024];
        loop {
            let count = match stream.read(&mut piece).await {
                Ok(0) => break,
                Ok(count) => count,
                Err(_) if !kept.is_empty() => break,
                Err(error) => return Err(error),
            };
            let room = MAX_KEPT.saturating_sub(kept.len()).min(count);
            kept.extend_from_slice(piece.get(..room).unwrap_or_default());
        }
        Ok(String::from_utf8_lossy(&kept).into_owned())
    };
    timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// A request that ends its connection.
pub(crate) fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let credentials = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bluehook\r\n{credentials}content-type: application/json\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
