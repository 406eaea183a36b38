//! C libraries with the BLAS interface, loaded at run time: those that the variable `BLAS_LIBS` names.

use crate::problem::{Form, Problem, Shape};
use crate::systems::System;
use libloading::Library;
use std::error::Error;
use std::ffi::{CStr, OsStr, c_char, c_int};
use std::path::Path;

type Sgemm = unsafe extern "C" fn(
    layout: c_int,
    a_transposed: c_int,
    b_transposed: c_int,
    m: c_int,
    n: c_int,
    k: c_int,
    alpha: f32,
    a: *const f32,
    a_stride: c_int,
    b: *const f32,
    b_stride: c_int,
    beta: f32,
    c: *mut f32,
    c_stride: c_int,
);

const ROW_MAJOR: c_int = 101;
const NOT_TRANSPOSED: c_int = 111;
const TRANSPOSED: c_int = 112;

/// The interface has no function for the number of threads: each library has its own, by which we recognize it.
#[derive(Clone, Copy)]
enum SetThreads {
    Int(unsafe extern "C" fn(c_int)),
    Wide(unsafe extern "C" fn(isize)),
}

/// A loaded library.
pub(crate) struct Blas {
    name: String,
    sgemm: Sgemm,
    set_threads: SetThreads,
}

impl Blas {
    /// Loads a library: it, and a line that says what it is; or why it cannot take part.
    pub(crate) fn load(path: &OsStr) -> Result<(Blas, String), String> {
        let shown = Path::new(path).display();
        let library = open(path).map_err(|error| {
            let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            format!("{shown}: left out: {cause}")
        })?;
        // Its threads live as long as the process, so the library must too.
        let library: &'static Library = Box::leak(Box::new(library));
        // SAFETY: these are the declarations in the headers of CBLAS with 32-bit integers, OpenBLAS, BLIS (whose
        // `dim_t` is as wide as a pointer) and MKL; the user's word that the library is such a one is all there is.
        let (sgemm, openblas, blis, mkl) = unsafe {
            (
                library.get::<Sgemm>(b"cblas_sgemm"),
                library.get::<unsafe extern "C" fn(c_int)>(b"openblas_set_num_threads"),
                library.get::<unsafe extern "C" fn(isize)>(b"bli_thread_set_num_threads"),
                library.get::<unsafe extern "C" fn(c_int)>(b"MKL_Set_Num_Threads"),
            )
        };
        let sgemm = *sgemm.map_err(|_| format!("{shown}: left out: it has no cblas_sgemm"))?;
        let (name, set_threads, version) = if let Ok(set) = openblas {
            ("OpenBLAS", SetThreads::Int(*set), version(library, b"openblas_get_config"))
        } else if let Ok(set) = blis {
            ("BLIS", SetThreads::Wide(*set), version(library, b"bli_info_get_version_str"))
        } else if let Ok(set) = mkl {
            ("MKL", SetThreads::Int(*set), None)
        } else {
            return Err(format!("{shown}: left out: no known way to set its number of threads"));
        };
        let version = version.map(|version| format!(" ({version})")).unwrap_or_default();
        let line = format!("{name}: {shown}{version}");
        Ok((Blas { name: name.to_owned(), sgemm, set_threads }, line))
    }
}

/// On Linux, `RTLD_DEEPBIND`: several libraries export the same names, and each must find its own first.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn open(path: &OsStr) -> Result<Library, libloading::Error> {
    use libloading::os::unix;
    const RTLD_DEEPBIND: c_int = 8;
    let flags = unix::RTLD_NOW | unix::RTLD_LOCAL | RTLD_DEEPBIND;
    // SAFETY: the user has named this library for us to run; it is never unloaded.
    unsafe { unix::Library::open(Some(path), flags) }.map(Library::from)
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn open(path: &OsStr) -> Result<Library, libloading::Error> {
    // SAFETY: the user has named this library for us to run; it is never unloaded.
    unsafe { Library::new(path) }
}

/// The text that a function without arguments returns about the library.
fn version(library: &Library, function: &[u8]) -> Option<String> {
    // SAFETY: both functions we ask for return a C string that lives as long as the library.
    let text = unsafe {
        let function = library.get::<unsafe extern "C" fn() -> *const c_char>(function).ok()?;
        CStr::from_ptr(function())
    };
    Some(text.to_string_lossy().trim().to_owned())
}

fn int(size: usize) -> c_int {
    size.try_into().expect("a size that fits the interface")
}

impl System for Blas {
    fn name(&self) -> &str {
        &self.name
    }

    fn use_threads(&self, threads: usize) {
        // SAFETY: the library is loaded for good, and a positive number of threads is a valid argument.
        unsafe {
            match self.set_threads {
                SetThreads::Int(set) => set(int(threads)),
                SetThreads::Wide(set) => set(threads as isize),
            }
        }
    }

    fn multiply(&self, problem: &Problem, c: &mut [f32], _threads: usize) {
        let Shape { m, k, n, form, .. } = problem.shape;
        let (a_transposed, a_stride) = match form {
            Form::TN => (TRANSPOSED, m),
            Form::NN | Form::NT => (NOT_TRANSPOSED, k),
        };
        let (b_transposed, b_stride) = match form {
            Form::NT => (TRANSPOSED, k),
            Form::NN | Form::TN => (NOT_TRANSPOSED, n),
        };
        assert_eq!(problem.a_data.len(), m * k);
        assert_eq!(problem.b_data.len(), k * n);
        assert_eq!(c.len(), m * n);
        // SAFETY: the three matrices have the sizes just checked, without padding, so that a row is as long as its
        // stride: k of A or m of its transpose, n of B or k of its transpose, n of C. C is borrowed mutably.
        unsafe {
            (self.sgemm)(
                ROW_MAJOR,
                a_transposed,
                b_transposed,
                int(m),
                int(n),
                int(k),
                1.0,
                problem.a_data.as_ptr(),
                int(a_stride),
                problem.b_data.as_ptr(),
                int(b_stride),
                0.0,
                c.as_mut_ptr(),
                int(n),
            );
        }
    }
}
