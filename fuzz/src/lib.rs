//! The list of parsers that the fuzz targets drive.

pub mod formats;
