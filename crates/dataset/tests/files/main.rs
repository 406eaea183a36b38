//! Files on disk and from mirrors, good and bad, as a user's data set might have them.

mod checksum;
mod csv;
#[cfg(feature = "download")]
mod download;
mod idx;
mod idx_sets;
mod mnist;
mod npz;
mod pictures;
mod save;
mod svmlight;
mod writers;
