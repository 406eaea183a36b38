//! Files on disk, good and bad, as a user's data set might have them.

mod idx;
mod mnist;
mod real;
mod writers;
