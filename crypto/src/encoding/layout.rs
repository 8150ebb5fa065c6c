/// States the layout of a type once, and makes it a [`Codec`](crate::encoding::Codec).
///
/// - `layout! { Name(_) }`: a type around one value is encoded as that value.
/// - `layout! { Name { a, b } }`: the fields in this order, and nothing else.
/// - `layout! { Name [version V] { a, b } }`: behind a version byte.
/// - `layout! { Name [version V] { a, b; signature } }`: with a signature at the end, over all that is in front of it,
///   which the generated method `signed_part` answers. `[len N]` behind the version says that it has that length
///   always, so that a cut is noticed before anything is read.
/// - `… check f`: whatever was read must also pass `f(&Name) -> Result<(), DecodeError>`.
#[macro_export]
macro_rules! layout {
    ($(#[$meta:meta])* $name:ident(_)) => {
        $(#[$meta])*
        impl $crate::encoding::Codec for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $crate::encoding::Codec::write(&self.0, out);
            }

            fn read(r: &mut $crate::encoding::Reader<'_>) -> Result<Self, $crate::encoding::DecodeError> {
                $crate::encoding::Codec::read(r).map(Self)
            }
        }
    };
    ($(#[$meta:meta])* $name:ident $([version $version:expr])? { $($field:ident),+ $(,)? } $(check $check:expr)?) => {
        $(#[$meta])*
        impl $crate::encoding::Codec for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $(out.push($version);)?
                $($crate::encoding::Codec::write(&self.$field, out);)+
            }

            fn read(r: &mut $crate::encoding::Reader<'_>) -> Result<Self, $crate::encoding::DecodeError> {
                $(r.version($version)?;)?
                $(let $field = r.get(stringify!($field))?;)+
                let value = Self { $($field),+ };
                $($check(&value)?;)?
                Ok(value)
            }
        }
    };
    ($(#[$meta:meta])* $name:ident [version $version:expr] $([len $len:expr])? { $($field:ident),+; $signature:ident } $(check $check:expr)?) => {
        impl $name {
            /// The bytes that the signature covers: all that is in front of it.
            pub fn signed_part(&self) -> Vec<u8> {
                let mut out = vec![$version];
                $($crate::encoding::Codec::write(&self.$field, &mut out);)+
                out
            }
        }

        $(#[$meta])*
        impl $crate::encoding::Codec for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.push($version);
                $($crate::encoding::Codec::write(&self.$field, out);)+
                $crate::encoding::Codec::write(&self.$signature, out);
            }

            fn read(r: &mut $crate::encoding::Reader<'_>) -> Result<Self, $crate::encoding::DecodeError> {
                $(r.need($len)?;)?
                r.version($version)?;
                $(let $field = r.get(stringify!($field))?;)+
                let $signature = r.get(stringify!($signature))?;
                let value = Self { $($field,)+ $signature };
                $($check(&value)?;)?
                Ok(value)
            }
        }
    };
}

/// Gives public types `encode` and `decode` that are callable without [`Codec`](crate::encoding::Codec) in scope.
#[macro_export]
macro_rules! encode_decode {
    ($($name:ident),+ $(,)?) => {$(
        impl $name {
            /// The bytes of this value.
            pub fn encode(&self) -> Vec<u8> {
                $crate::encoding::Codec::encode(self)
            }

            /// Reads a value that fills `bytes`.
            ///
            /// # Errors
            /// The bytes end early, go on after the end, or hold what the format excludes.
            pub fn decode(bytes: &[u8]) -> Result<Self, $crate::encoding::DecodeError> {
                $crate::encoding::Codec::decode(bytes)
            }
        }
    )+};
}
