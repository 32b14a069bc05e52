using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// RSA verification by arithmetic, for what .NET does not verify: PSS with a salt that is not as long as the hash or another
/// mask hash, keys bound to PSS, PKCS#1 with SHA-224, keys under 1024 bits. Public operations only, so nothing is secret.
/// </summary>
/// <remarks>Source: RFC 8017 sections 8.1.2, 8.2.2, 9.1.2 and 9.2.</remarks>
internal static class RawRsa
{
    private const int MaxModulusBits = 16_384;
    private const int MaxExponentBytes = 8;

    public static SignatureCheck Verify(
        PublicKeyInfo key, SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        var (modulusBytes, exponentBytes) = key.RsaNumbers();
        if (key.Size is < 512 or > MaxModulusBits || exponentBytes.Length > MaxExponentBytes + 1)
            return SignatureCheck.Unsupported;
        var modulus = new BigInteger(modulusBytes.Span, isUnsigned: true, isBigEndian: true);
        var width = (key.Size + 7) / 8;
        if (signature.Length != width)
            return SignatureCheck.Invalid;
        var value = new BigInteger(signature, isUnsigned: true, isBigEndian: true);
        if (value >= modulus)
            return SignatureCheck.Invalid;
        var opened = BigInteger.ModPow(value, new BigInteger(exponentBytes.Span, isUnsigned: true, isBigEndian: true), modulus);
        Span<byte> encoded = new byte[width];
        var bytes = opened.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(encoded[(width - bytes.Length)..]);
        return algorithm.Family == SignatureFamily.RsaPss
            ? VerifyPss(encoded, key.Size - 1, algorithm, hash)
            : VerifyPkcs1(encoded, algorithm.HashOid!, hash);
    }

    // 00 01 FF … FF 00 DigestInfo, with and without the NULL: built whole and compared, so nothing is parsed leniently.
    private static SignatureCheck VerifyPkcs1(ReadOnlySpan<byte> encoded, string hashOid, ReadOnlySpan<byte> hash)
    {
        foreach (var withNull in (ReadOnlySpan<bool>)[true, false])
        {
            var info = DigestInfo(hashOid, hash, withNull);
            if (encoded.Length < info.Length + 11)
                return SignatureCheck.Invalid;
            Span<byte> expected = new byte[encoded.Length];
            expected.Fill(0xff);
            expected[0] = 0;
            expected[1] = 1;
            expected[^(info.Length + 1)] = 0;
            info.CopyTo(expected[^info.Length..]);
            if (encoded.SequenceEqual(expected))
                return SignatureCheck.Valid;
        }
        return SignatureCheck.Invalid;
    }

    private static byte[] DigestInfo(string hashOid, ReadOnlySpan<byte> hash, bool withNull)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            DerWrite.Algorithm(writer, hashOid, withNull);
            writer.WriteOctetString(hash);
        }
        return writer.Encode();
    }

    private static SignatureCheck VerifyPss(Span<byte> encoded, int bits, SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        var length = (bits + 7) / 8;
        if (encoded.Length > length)
        {
            if (encoded[0] != 0)
                return SignatureCheck.Invalid;
            encoded = encoded[1..];
        }
        var salt = algorithm.SaltLength ?? hash.Length;
        if (salt < 0 || length < hash.Length + (long)salt + 2 || encoded[^1] != 0xbc)
            return SignatureCheck.Invalid;
        var masked = encoded[..(length - hash.Length - 1)];
        var proof = encoded.Slice(masked.Length, hash.Length);
        var unusedBits = 8 * length - bits;
        if ((masked[0] >> (8 - unusedBits)) != 0)
            return SignatureCheck.Invalid;
        if (!Unmask(masked, proof, algorithm.MaskHashOid!))
            return SignatureCheck.Unsupported;
        masked[0] &= (byte)(0xff >> unusedBits);
        var padding = masked[..(length - hash.Length - salt - 2)];
        if (padding.ContainsAnyExcept((byte)0) || masked[padding.Length] != 1)
            return SignatureCheck.Invalid;
        byte[] message = [.. new byte[8], .. hash, .. masked[(padding.Length + 1)..]];
        if (!MessageHash.TryCompute(algorithm.HashOid!, message, out var again))
            return SignatureCheck.Unsupported;
        return CryptographicOperations.FixedTimeEquals(again, proof) ? SignatureCheck.Valid : SignatureCheck.Invalid;
    }

    // MGF1: hash(seed ‖ counter), as often as needed.
    private static bool Unmask(Span<byte> masked, ReadOnlySpan<byte> seed, string hashOid)
    {
        byte[] input = [.. seed, 0, 0, 0, 0];
        for (var (counter, at) = (0, 0); at < masked.Length; counter++)
        {
            BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(seed.Length), counter);
            if (!MessageHash.TryCompute(hashOid, input, out var block))
                return false;
            for (var i = 0; i < block.Length && at < masked.Length; i++, at++)
                masked[at] ^= block[i];
        }
        return true;
    }
}
