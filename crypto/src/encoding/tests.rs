#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;

type Few = List<u16, u8, 3>;
type Some12 = Counted<[u8; 2], u16, 1, 2>;

#[derive(Debug, PartialEq, Eq)]
struct Row {
    number: u32,
    flags: [bool; 2],
    name: Var<4>,
}

crate::layout! { Row [version 7] { number, flags, name } }

#[test]
fn a_layout_writes_and_reads_the_same_fields() {
    let row = Row { number: 9, flags: [true, false], name: Var::new(b"ab".to_vec()).unwrap() };
    let bytes = row.encode();
    assert_eq!(bytes, [7, 0, 0, 0, 9, 1, 0, 0, 0, 0, 2, b'a', b'b']);
    assert_eq!(Row::decode(&bytes).unwrap(), row);
    let with =
        |at: usize, b: u8| bytes.iter().enumerate().map(|(i, o)| if i == at { b } else { *o }).collect::<Vec<_>>();
    assert_eq!(Row::decode(&with(0, 8)), Err(DecodeError::Version(8)));
    assert_eq!(Row::decode(&with(6, 2)), Err(DecodeError::Invalid("flags")));
    assert_eq!(Row::decode(&with(10, 5)), Err(DecodeError::TooLong("name")));
    assert_eq!(Row::decode(&with(10, 3)), Err(DecodeError::Short("name")));
    assert_eq!(Row::decode(&with(10, 1)), Err(DecodeError::Trailing(1)));
    assert_eq!(Row::decode(bytes.get(..3).unwrap()), Err(DecodeError::Short("number")));
}

#[test]
fn a_count_that_does_not_fit_is_an_error_and_nothing_is_cut() {
    assert_eq!(Few::new(vec![1, 2, 3]).unwrap().encode(), [3, 0, 1, 0, 2, 0, 3]);
    assert_eq!(Few::new(vec![0; 4]).unwrap_err(), OverLimit { found: 4, most: 3 });
    // The limit allows it, and the byte in front cannot say it.
    assert_eq!(List::<u8, u8, 1000>::new(vec![0; 256]).unwrap_err().found, 256);
    assert_eq!(List::<u8, u16, 100_000>::new(vec![0; 65_536]).unwrap_err().found, 65_536);
    assert_eq!(Some12::new(Vec::new()).unwrap_err().found, 0);
    let mut few = Few::default();
    for n in 0..3 {
        few.push(n).unwrap();
    }
    assert_eq!(few.push(3).unwrap_err(), OverLimit { found: 4, most: 3 });
    assert_eq!((few.count(), few.into_vec()), (3, vec![0, 1, 2]));
}

#[test]
fn a_count_outside_its_limits_is_refused_before_anything_is_read() {
    assert_eq!(Few::decode(&[4]), Err(DecodeError::TooLong("data")));
    assert_eq!(Few::decode(&[2, 0, 1]), Err(DecodeError::Short("data")));
    assert_eq!(Few::decode(&[0]), Ok(Few::default()));
    assert_eq!(Some12::decode(&[0, 0]), Err(DecodeError::Invalid("data")));
    assert_eq!(Some12::decode(&[0, 3]), Err(DecodeError::TooLong("data")));
    assert_eq!(Some12::decode(&[0, 1, 5, 6]).unwrap(), vec![[5u8, 6]]);
    let unlimited = List::<[u8; 32], u32, { u32::MAX as usize }>::decode(&[0xff; 100]);
    assert_eq!(unlimited, Err(DecodeError::Short("data")));
}

#[test]
fn an_option_is_there_or_not() {
    assert_eq!(Some(5u16).encode(), [1, 0, 5]);
    assert_eq!(<Option<u16>>::decode(&[0]), Ok(None));
    assert_eq!(<Option<u16>>::decode(&[2, 0, 5]), Err(DecodeError::Invalid("data")));
}
