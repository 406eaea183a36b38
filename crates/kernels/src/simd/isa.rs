//! Which instruction sets this CPU has: the only feature detection there is.
//!
//! An instruction set is a token. Only this file can make one, and only after the CPU said that it has
//! the instructions, so whoever holds a token may use them without asking again.

use std::fmt;
use std::sync::OnceLock;

use super::lanes::Kernel;
#[cfg(target_arch = "x86_64")]
use super::lanes::Simd;

/// AVX-512 F, VL, BW and DQ, with AVX2 and FMA: proof that this CPU has them.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Avx512(());

/// AVX2 and FMA: proof that this CPU has them.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Avx2(());

#[cfg(target_arch = "x86_64")]
impl Avx512 {
    /// A CPU with AVX-512 has AVX2: detection asked for both before it made this token.
    pub(crate) fn avx2(self) -> Avx2 {
        Avx2(())
    }
}

/// Plain Rust, for every CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Portable;

/// An instruction set that this CPU has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isa(Token);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    Portable(Portable),
}

/// `KERNELS_ISA` names no instruction set that this CPU has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnavailableIsa {
    asked: String,
}

impl fmt::Display for UnavailableIsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KERNELS_ISA={} is not to be had here; this CPU can do", self.asked)?;
        for (i, isa) in Isa::available().enumerate() {
            write!(f, "{} {}", if i == 0 { "" } else { "," }, isa.short_name())?;
        }
        Ok(())
    }
}

impl std::error::Error for UnavailableIsa {}

impl Isa {
    /// Every instruction set this CPU has, the best first. The portable one is always there, last.
    pub fn available() -> impl Iterator<Item = Isa> {
        [
            #[cfg(target_arch = "x86_64")]
            avx512().map(Token::Avx512),
            #[cfg(target_arch = "x86_64")]
            avx2().map(Token::Avx2),
            Some(Token::Portable(Portable)),
        ]
        .into_iter()
        .flatten()
        .map(Isa)
    }

    /// The instruction set that the environment variable `KERNELS_ISA` names
    /// (`avx512`, `avx2`, `portable`), or the best one where it is not set.
    ///
    /// # Errors
    /// If the variable names something this CPU has not.
    pub fn from_environment() -> Result<Isa, UnavailableIsa> {
        let asked = std::env::var("KERNELS_ISA").unwrap_or_default();
        let mut available = Self::available();
        if asked.is_empty() {
            available.next()
        } else {
            available.find(|isa| isa.short_name() == asked)
        }
        .ok_or(UnavailableIsa { asked })
    }

    /// The instruction set of this process: [`Isa::from_environment`], asked once.
    ///
    /// # Panics
    /// If `KERNELS_ISA` names something this CPU has not.
    /// A program that wants to say so in its own way calls [`Isa::from_environment`] first.
    pub fn active() -> Isa {
        static ACTIVE: OnceLock<Isa> = OnceLock::new();
        *ACTIVE.get_or_init(|| Self::from_environment().unwrap_or_else(|error| panic!("{error}")))
    }

    /// Its name in prose.
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Token::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "x86_64")]
            Token::Avx2(_) => "AVX2 + FMA",
            Token::Portable(_) => "portable (matrixmultiply)",
        }
    }

    /// Its name in `KERNELS_ISA`.
    pub fn short_name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Token::Avx512(_) => "avx512",
            #[cfg(target_arch = "x86_64")]
            Token::Avx2(_) => "avx2",
            Token::Portable(_) => "portable",
        }
    }

    /// Whether there are hand-written microkernels for it. Where not, matrix products are matrixmultiply's.
    pub(crate) fn has_microkernel(self) -> bool {
        !matches!(self.0, Token::Portable(_))
    }

    /// Runs `kernel` compiled for this instruction set.
    #[inline]
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self.0 {
            // SAFETY: the token is the proof that this CPU has the features named there.
            #[cfg(target_arch = "x86_64")]
            Token::Avx512(token) => unsafe { run_avx512(kernel, token) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Token::Avx2(token) => unsafe { run_avx2(kernel, token) },
            Token::Portable(token) => run_portable(kernel, token),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn avx512() -> Option<Avx512> {
    (avx2().is_some()
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq"))
    .then_some(Avx512(()))
}

#[cfg(target_arch = "x86_64")]
fn avx2() -> Option<Avx2> {
    (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Avx2(()))
}

// Each kernel is a function of its own. Inlined into each other, they would make one whose hundreds of loops take the compiler
// many times as long.

#[cfg(target_arch = "x86_64")]
#[inline(never)]
#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
pub(super) fn run_avx512<K: Kernel>(kernel: K, token: impl Simd) -> K::Output {
    kernel.run(token)
}

#[cfg(target_arch = "x86_64")]
#[inline(never)]
#[target_feature(enable = "avx2,fma")]
pub(super) fn run_avx2<K: Kernel>(kernel: K, token: impl Simd) -> K::Output {
    kernel.run(token)
}

#[inline(never)]
pub(super) fn run_portable<K: Kernel>(kernel: K, token: Portable) -> K::Output {
    kernel.run(token)
}
