//! Each cause is found where it is the cause, and nowhere else.

use super::*;
