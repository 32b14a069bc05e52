using System.Formats.Asn1;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.TestKit.Pki;

/// <summary>A CRL as large as those of national authorities: a million and a half entries, signed by its issuer.</summary>
internal static class HugeCrl
{
    private const int Bytes = 50 * 1024 * 1024;
    private const int SerialBytes = 16;

    /// <param name="folder">The authority's folder.</param>
    /// <param name="name">The issuer's name there.</param>
    /// <param name="issuer">Its certificate.</param>
    /// <param name="last">The serial of the last entry.</param>
    /// <param name="now">When it is made.</param>
    public static byte[] Build(string folder, string name, Certificate issuer, ReadOnlySpan<byte> last, DateTimeOffset now)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(folder, "authority", name + ".key")));
        var algorithm = new AsnWriter(AsnEncodingRules.DER);
        using (algorithm.PushSequence())
            algorithm.WriteObjectIdentifier("1.2.840.10045.4.3.2");
        var tbs = new AsnWriter(AsnEncodingRules.DER);
        using (tbs.PushSequence())
        {
            tbs.WriteInteger(1);
            tbs.WriteEncodedValue(algorithm.Encode());
            tbs.WriteEncodedValue(issuer.SubjectRaw.Span);
            tbs.WriteUtcTime(now.AddMinutes(-1));
            tbs.WriteUtcTime(now.AddDays(1));
            tbs.WriteEncodedValue(Entries(last, now));
        }
        var signed = tbs.Encode();
        var crl = new AsnWriter(AsnEncodingRules.DER);
        using (crl.PushSequence())
        {
            crl.WriteEncodedValue(signed);
            crl.WriteEncodedValue(algorithm.Encode());
            crl.WriteBitString(key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
        return crl.Encode();
    }

    private static byte[] Entries(ReadOnlySpan<byte> last, DateTimeOffset now)
    {
        var one = Entry(new byte[SerialBytes], now);
        var end = Entry(last, now);
        var count = (Bytes - end.Length) / one.Length;
        var length = count * one.Length + end.Length;
        var all = new byte[6 + length];
        all[0] = 0x30;
        all[1] = 0x84;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(all.AsSpan(2), length);
        for (var i = 0; i < count; i++)
        {
            var at = all.AsSpan(6 + i * one.Length, one.Length);
            one.CopyTo(at);
            at[4] = 0x40; // the serial's first byte: positive, and like no real one of the sample authority
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(at[5..], i);
        }
        end.CopyTo(all.AsSpan(6 + count * one.Length));
        return Minimal(all);
    }

    // DER wants the shortest length octets: 50 MB need four.
    private static byte[] Minimal(byte[] all) => all[2] != 0 ? all : throw new InvalidOperationException("The list is too short for four length octets.");

    private static byte[] Entry(ReadOnlySpan<byte> serial, DateTimeOffset now)
    {
        Span<byte> padded = stackalloc byte[SerialBytes];
        padded[0] = 0x40;
        if (serial.Length == SerialBytes && serial.IndexOfAnyExcept((byte)0) >= 0)
            serial.CopyTo(padded);
        var entry = new AsnWriter(AsnEncodingRules.DER);
        using (entry.PushSequence())
        {
            entry.WriteInteger(padded);
            entry.WriteUtcTime(now.AddDays(-1));
        }
        return entry.Encode();
    }
}
