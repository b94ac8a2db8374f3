//! Callers that speak HTTP/1.0. There are no chunks there (RFC 9112, 6.1): a body without a length goes on until the
//! connection ends.

use actix_web::{
    Error,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{ConnectionType, Version},
    middleware::Next,
};

/// Has a body without a length end with the connection where the caller knows no chunks.
pub(crate) async fn until_close<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let is_old = request.version() < Version::HTTP_11;
    let mut response = next.call(request).await?;
    if is_old && response.response().body().size() == BodySize::Stream {
        let head = response.response_mut().head_mut();
        head.no_chunking(true);
        head.set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}
