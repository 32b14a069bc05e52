using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.UnitTests.Signing.Paths;

namespace VanBanDienTu.UnitTests.Signing.Certificates;

public sealed class CertificateTests
{
    [Fact]
    public void Reads_what_dotnet_reads()
    {
        using var made = TestChain.Root("Gốc", request =>
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificateOids.EmailProtection)], critical: false));
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(["http://ocsp.example/"], ["http://ca.example/root.cer"]));
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension(["http://crl.example/root.crl"]));
        });
        var read = Certificate.Parse(made.RawData);

        Assert.Equal(made.SerialNumber.TrimStart('0'), read.SerialHex.TrimStart('0'), ignoreCase: true);
        Assert.Equal(made.NotBefore.ToUniversalTime(), read.NotBefore.UtcDateTime);
        Assert.Equal(made.NotAfter.ToUniversalTime(), read.NotAfter.UtcDateTime);
        Assert.Equal(made.SubjectName.RawData, read.SubjectRaw.ToArray());
        Assert.Equal(made.PublicKey.ExportSubjectPublicKeyInfo(), read.PublicKey.SubjectPublicKeyInfo.ToArray());
        Assert.Equal(made.GetCertHashString(HashAlgorithmName.SHA256), read.Sha256, ignoreCase: true);
        Assert.True(read.IsCa);
        Assert.Equal(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, read.KeyUsage);
        Assert.Equal([CertificateOids.EmailProtection], read.ExtendedKeyUsages);
        Assert.Equal(["http://ocsp.example/"], read.OcspUrls);
        Assert.Equal(["http://ca.example/root.cer"], read.CaIssuerUrls);
        Assert.Equal(["http://crl.example/root.crl"], read.CrlUrls);
        Assert.Equal("Gốc", read.CommonName);
        Assert.Equal(SignatureCheck.Valid, read.CheckSignedBy(read));
    }

    [Fact]
    public void One_larger_than_real_ones_is_read_and_not_kept()
    {
        using var made = TestChain.Root("Gốc", request => request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[9000], critical: false)));
        var read = Certificate.Parse(made.RawData);
        Assert.Equal(read, Certificate.Parse(made.RawData));
        Assert.NotSame(read, Certificate.Parse(made.RawData));
    }

    [Fact]
    public void The_same_bytes_are_the_same_certificate()
    {
        using var made = TestChain.Root("Gốc");
        Assert.Same(Certificate.Parse(made.RawData), Certificate.Parse(made.RawData.ToArray()));
    }

    [Fact]
    public void A_certificate_cut_off_anywhere_is_malformed_and_nothing_worse()
    {
        using var made = TestChain.Root("Gốc");
        for (var length = 0; length < made.RawData.Length; length++)
            Assert.Equal(SigningFault.CertificateMalformed, Assert.Throws<SigningException>(() => Certificate.Parse(made.RawData.AsMemory(0, length))).Fault);
    }

    [Fact]
    public void A_bent_certificate_is_read_or_refused_but_never_crashes()
    {
        using var made = TestChain.Root("Gốc");
        var random = new Random(20261122);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var bent = made.RawData.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
                bent[random.Next(bent.Length)] ^= (byte)random.Next(1, 256);
            if (bent.AsSpan().SequenceEqual(made.RawData))
                continue;
            refused += Certificate.TryParse(bent) is { } read ? Use(read) : 1;
        }
        Assert.InRange(refused, 300, 2900);

        static int Use(Certificate read)
        {
            _ = read.Subject.ToString() + read.Issuer + read.SubjectKind;
            Assert.NotEqual(SignatureCheck.Valid, read.CheckSignedBy(read));
            return 0;
        }
    }

    [Fact]
    public void Elements_nested_too_deep_are_refused()
    {
        byte[] deep = [0x05, 0x00];
        for (var i = 0; i < 60; i++)
            deep = [0x30, (byte)deep.Length, .. deep];
        Assert.Throws<SigningException>(() =>
        {
            var reader = new DerReader(deep, "certificate");
            while (reader.TryEnter(DerReader.Sequence, out var inside))
                reader = inside;
        });
    }

    [Fact]
    public void A_serial_keeps_its_raw_bytes_even_padded()
    {
        // Long enough that both lengths around the serial have two bytes.
        using var made = TestChain.Root("Gốc", request => request.Extension("1.2.3.4", [0x04, 200, .. new byte[200]], critical: false));
        var padded = Pad(made.RawData, made.SerialNumberBytes.Span);
        var read = Certificate.Parse(padded);
        Assert.Equal(0, read.SerialRaw.Span[0]);
        Assert.Equal(0, read.SerialRaw.Span[1]);
        Assert.Equal(Certificate.Parse(made.RawData).SerialHex, read.SerialHex);
    }

    [Theory]
    [InlineData("CCCD:001099000063", "Nguyễn Văn A", "Sở Mẫu", SubjectKind.Person)]
    [InlineData("MST:0100000963", "Sở Mẫu", "Sở Mẫu", SubjectKind.Organization)]
    [InlineData(null, "Sở Mẫu", "Sở Mẫu", SubjectKind.Organization)]
    [InlineData(null, "Nguyễn Văn A", "Sở Mẫu", SubjectKind.Unknown)]
    public void The_subject_tells_whose_it_is(string? uid, string name, string organization, SubjectKind expected)
    {
        var builder = new X500DistinguishedNameBuilder();
        if (uid is not null)
            builder.Add(CertificateOids.UserId, uid);
        builder.AddCommonName(name);
        builder.AddOrganizationName(organization);
        builder.Add(CertificateOids.OrganizationIdentifier, "G99.63");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest(builder.Build(), key, HashAlgorithmName.SHA256).CreateSelfSigned(TestChain.From, TestChain.To);
        var read = Certificate.Parse(made.RawData);
        Assert.Equal(expected, read.SubjectKind);
        Assert.Equal("G99.63", read.OrganId);
        Assert.Equal(uid, read.UserId);
    }

    [Fact]
    public void Names_are_written_most_specific_first_and_escaped()
    {
        var name = DistinguishedName.Parse(new X500DistinguishedName("C=VN, O=\"Sở A, B\", CN=\" Nguyễn + Văn\"", X500DistinguishedNameFlags.None).RawData, "certificate");
        Assert.Equal(@"CN=\ Nguyễn \+ Văn,O=Sở A\, B,C=VN", name.ToString());
    }

    [Fact]
    public void Names_that_differ_in_case_and_spaces_are_one_name()
    {
        var one = DistinguishedName.Parse(new X500DistinguishedName("C=VN, O=SỞ  Mẫu").RawData, "certificate");
        var other = DistinguishedName.Parse(new X500DistinguishedName("C=vn, O=sở mẫu").RawData, "certificate");
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, DistinguishedName.Parse(new X500DistinguishedName("C=VN, O=Sở Mẫu B").RawData, "certificate"));
    }

    [Fact]
    public void An_extension_that_stands_twice_makes_it_malformed()
    {
        using var made = TestChain.Root("Gốc", request =>
        {
            request.CertificateExtensions.Add(new X509Extension("1.2.3.4", [0x05, 0x00], critical: false));
            request.CertificateExtensions.Add(new X509Extension("1.2.3.5", [0x05, 0x00], critical: false));
        });
        var twice = made.RawData.ToArray();
        var second = twice.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x06, 0x03, 0x2a, 0x03, 0x05]);
        twice[second + 4] = 0x04;
        Assert.Contains("twice", Assert.Throws<SigningException>(() => Certificate.Parse(twice)).Message, StringComparison.Ordinal);
    }

    // Puts two zero bytes before the serial and mends the lengths of the three elements around it.
    private static byte[] Pad(byte[] der, ReadOnlySpan<byte> serial)
    {
        byte[] integer = [0x02, (byte)serial.Length, .. serial];
        var at = der.AsSpan().IndexOf(integer);
        byte[] padded = [.. der[..at], 0x02, (byte)(serial.Length + 2), 0, 0, .. serial, .. der[(at + integer.Length)..]];
        foreach (var length in new[] { 2, 6 })
        {
            Assert.Equal(0x82, padded[length - 1]);
            var value = new BigInteger(padded.AsSpan(length, 2), isUnsigned: true, isBigEndian: true) + 2;
            padded[length] = (byte)(value >> 8);
            padded[length + 1] = (byte)(value & 0xff);
        }
        return padded;
    }
}
