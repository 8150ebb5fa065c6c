//! The program `subrosa-server`.

fn main() {}
