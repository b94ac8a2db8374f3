//! How many descriptors the system lets this program have: every connection is one.

/// Lets this program have as many as the system allows it, and gives how many that is; none where there is no such limit.
#[cfg(unix)]
pub(crate) fn raise() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum && setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_err() {
        tracing::warn!("the limit of open files could not be raised; it is {current:?}");
    }
    getrlimit(Resource::Nofile).current.and_then(|limit| usize::try_from(limit).ok())
}

/// Elsewhere there is nothing to raise.
#[cfg(not(unix))]
pub(crate) fn raise() -> Option<usize> {
    None
}
