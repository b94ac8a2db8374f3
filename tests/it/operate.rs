//! What whoever runs the program meets first: in a container, under a supervisor, with a clumsy shell.

// Variables as containers and templates pass them.
mod environment;

// The command line says what is wrong with what it was given.
mod given;

// The log: read by nobody, and as lines of JSON.
mod log;

// The admin token that is made.
mod made_token;

// A first start, whole and interrupted; paths.
mod first_start;

// A start that takes long, and a database that somebody takes away.
mod database;

// Signals, supervisors, the end.
mod stop;

// What an operator gets wrong.
mod traps;

// What a terminal is told.
mod terminal;

// What nobody else may read.
mod privacy;

// A copy put back.
mod restore;

// Callers of long ago.
mod old_callers;
