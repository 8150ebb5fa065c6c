//! Which side of a picture is up: tag 274 of the first directory of its EXIF data (EXIF 2.32, section 4.6.4 A;
//! TIFF 6.0, section 2).

/// The orientation, 1 to 8; 1, the stored one, where nothing readable is said.
pub(super) fn of(exif: &[u8]) -> u16 {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    stated(tiff).filter(|o| (1..=8).contains(o)).unwrap_or(1)
}

fn stated(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }).ok()
    };
    let directory = long(4)?;
    let entries = directory.checked_add(2)?;
    // Each entry has twelve bytes: tag, type (3 is a number of two bytes), count, value.
    let mut places = (0..usize::from(short(directory)?)).filter_map(|n| entries.checked_add(n * 12));
    let place = places.find(|at| short(*at) == Some(0x0112))?;
    if short(place.checked_add(2)?)? == 3 { short(place.checked_add(8)?) } else { None }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_tag_is_read_in_both_orders_of_bytes_and_nothing_breaks() {
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        assert_eq!((of(little), of(big), of(&[b"Exif\0\0", &little[..]].concat())), (6, 8, 6));
        for cut in 0..20 {
            assert_eq!(little.get(..cut).map(of), Some(if cut < 20 { 1 } else { 6 }));
        }
        assert_eq!((of(b"II*\0\xff\xff\xff\xff"), of(b"")), (1, 1));
    }
}
