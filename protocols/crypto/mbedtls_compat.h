/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One spelling for what mbedTLS 2.28 and 3.6 call differently. mbedTLS 3 gave the hash functions
 * that report errors the plain names; 2.28 has them with the suffix _ret, and under the plain name
 * a deprecated one that reports nothing. Include this instead of the mbedTLS hash headers.
 */
#ifndef ASSAY_CRYPTO_MBEDTLS_COMPAT_H
#define ASSAY_CRYPTO_MBEDTLS_COMPAT_H

#include <mbedtls/version.h>

#include <mbedtls/md5.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define mbedtls_md5_starts    mbedtls_md5_starts_ret
#define mbedtls_md5_update    mbedtls_md5_update_ret
#define mbedtls_md5_finish    mbedtls_md5_finish_ret
#define mbedtls_sha1_starts   mbedtls_sha1_starts_ret
#define mbedtls_sha1_update   mbedtls_sha1_update_ret
#define mbedtls_sha1_finish   mbedtls_sha1_finish_ret
#define mbedtls_sha256_starts mbedtls_sha256_starts_ret
#define mbedtls_sha256_update mbedtls_sha256_update_ret
#define mbedtls_sha256_finish mbedtls_sha256_finish_ret
#define mbedtls_sha512_starts mbedtls_sha512_starts_ret
#define mbedtls_sha512_update mbedtls_sha512_update_ret
#define mbedtls_sha512_finish mbedtls_sha512_finish_ret
#endif

#endif
