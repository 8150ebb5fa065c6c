//! Colours as the picture's own profile means them (ICC.1), in the colours that a plain picture is shown in (sRGB).

use moxcms::{ColorProfile, Layout, TransformOptions};

/// The pixels, red, green and blue, in sRGB. Where the profile cannot be read or is not one for red, green and blue,
/// they stay as they are.
pub(super) fn to_srgb(rgb: Vec<u8>, profile: Option<&[u8]>) -> Vec<u8> {
    profile.and_then(|p| converted(&rgb, p)).unwrap_or(rgb)
}

fn converted(rgb: &[u8], profile: &[u8]) -> Option<Vec<u8>> {
    let (from, to) = (ColorProfile::new_from_slice(profile).ok()?, ColorProfile::new_srgb());
    let transform = from.create_transform_8bit(Layout::Rgb, &to, Layout::Rgb, TransformOptions::default()).ok()?;
    let mut out = vec![0; rgb.len()];
    transform.transform(rgb, &mut out).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_wider_red_becomes_a_stronger_one_and_what_is_unreadable_changes_nothing() {
        let pixel = vec![200, 100, 50];
        let through = |profile: &ColorProfile| to_srgb(pixel.clone(), Some(&profile.encode().unwrap()));
        let wide = through(&ColorProfile::new_display_p3());
        // Computed from both standards' primaries: 215, 93, 31.
        let near = |a: &[u8], b: &[u8]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 3);
        assert!(near(&wide, &[215, 93, 31]), "{}", hex::encode(&wide));
        assert!(near(&through(&ColorProfile::new_srgb()), &pixel));
        for unreadable in [None, Some(&b""[..]), Some(&[0xff; 200])] {
            assert_eq!(to_srgb(pixel.clone(), unreadable), pixel);
        }
    }
}
