//! Pictures of a made-up person among made-up strangers.

use super::*;

#[test]
fn sizes_are_read_and_bounded() {
    let size = |width, height| Ok(Size { width, height });
    assert_eq!("1600x1200".parse::<Size>(), size(1600, 1200));
    assert_eq!(" 400 × 300 ".parse::<Size>(), size(400, 300));
    for bad in ["", "1600", "399x300", "400x299", "8001x300", "axb", "-1x500", "1e3x1e3", "x"] {
        assert!(bad.parse::<Size>().is_err(), "{bad}");
    }
}
