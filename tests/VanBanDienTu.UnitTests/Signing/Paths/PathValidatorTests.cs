using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.UnitTests.Signing.Paths;

public sealed class PathValidatorTests
{
    private static readonly X509Certificate2 Root = TestChain.Root("Gốc");
    private static readonly X509Certificate2 Sub = Root.Ca("Cơ quan cấp");
    private static readonly X509Certificate2 Leaf = Sub.Leaf("Người ký");

    [Fact]
    public void Finds_the_way_from_a_leaf_to_the_root()
    {
        var result = Validate(Leaf, [Sub], Root);
        Assert.Null(result.Failure);
        Assert.Equal(["Người ký", "Cơ quan cấp", "Gốc"], result.Chain.Select(c => c.CommonName));
        Assert.Equal(Root.Read(), result.Anchor);
        Assert.Equal(2, result.BelowAnchor.Count());
    }

    [Fact]
    public void A_sub_authority_can_be_the_anchor()
    {
        var result = Validate(Leaf, [], Sub);
        Assert.True(result.IsValid);
        Assert.Equal(Sub.Read(), result.Anchor);
    }

    [Fact]
    public void A_leaf_can_be_its_own_anchor() => Assert.True(Validate(Leaf, [], Leaf).IsValid);

    [Fact]
    public void Without_anchors_nothing_is_trusted_and_the_reason_says_so()
    {
        var result = new PathValidator().Validate(Leaf.Read(), [Sub.Read(), Root.Read()], TrustSnapshot.Empty, TestChain.Now, PathPurpose.Signing);
        Assert.Equal(PathSubIndications.NoChainFound, result.Failure!.SubIndication);
        Assert.Equal("no-anchors", result.Failure.Code);
    }

    [Fact]
    public void A_missing_intermediate_is_named()
    {
        var failure = Validate(Leaf, [], Root).Failure!;
        Assert.Equal(PathSubIndications.NoChainFound, failure.SubIndication);
        Assert.Contains("Cơ quan cấp", failure.Vi, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cross_certificate_leads_to_another_root()
    {
        using var otherRoot = TestChain.Root("Gốc khác");
        using var key = Root.GetECDsaPrivateKey()!;
        using var crossed = otherRoot.Ca("Gốc", key: key);
        Assert.True(Validate(Leaf, [Sub, crossed, Root], otherRoot).IsValid);
        Assert.True(Validate(Leaf, [Root, crossed, Sub], otherRoot).IsValid);
    }

    [Fact]
    public void Goes_back_when_the_first_issuer_of_that_name_was_the_wrong_one()
    {
        var impostors = Enumerable.Range(0, 20).Select(_ => TestChain.Root("Cơ quan cấp")).ToList();
        Assert.True(Validate(Leaf, [.. impostors, Sub], Root).IsValid);
    }

    [Fact]
    public void Goes_back_from_an_expired_twin_of_the_issuer()
    {
        using var key = Sub.GetECDsaPrivateKey()!;
        var request = new CertificateRequest(Sub.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var expired = Root.Sign(request, key, TestChain.From, TestChain.From.AddYears(1));
        Assert.True(Validate(Leaf, [expired, Sub], Root).IsValid);
        Assert.Equal(PathSubIndications.OutOfBounds, Validate(Leaf, [expired], Root).Failure!.SubIndication);
    }

    [Fact]
    public void An_impostor_of_the_issuers_name_is_not_believed()
    {
        using var impostor = Root.Ca("Cơ quan cấp");
        Assert.Equal("bad-certificate-signature", Validate(Leaf, [impostor], Root).Failure!.Code);
        using var impostorRoot = TestChain.Root("Gốc");
        Assert.False(Validate(Leaf, [Sub], impostorRoot).IsValid);
    }

    [Theory]
    [InlineData(-1, PathSubIndications.NotYetValid)]
    [InlineData(0, null)]
    [InlineData(365, null)]
    [InlineData(366, PathSubIndications.OutOfBounds)]
    public void Validity_is_judged_at_the_given_time(int day, string? expected)
    {
        var from = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var leaf = Sub.Leaf("Người ký", from: from, to: from.AddDays(365));
        var result = new PathValidator().Validate(leaf.Read(), [Sub.Read()], Trust(Root), from.AddDays(day), PathPurpose.Signing);
        Assert.Equal(expected, result.Failure?.SubIndication);
    }

    [Fact]
    public void A_leaf_may_not_issue()
    {
        using var forged = Leaf.Leaf("Kẻ mạo danh");
        var failure = Validate(forged, [Leaf, Sub], Root).Failure!;
        Assert.Equal((PathSubIndications.ChainConstraints, "issuer-not-ca"), (failure.SubIndication, failure.Code));
    }

    [Fact]
    public void An_authority_without_keyCertSign_may_not_issue()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Chỉ ký CRL", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.Usage(X509KeyUsageFlags.CrlSign);
        using var ca = Root.Sign(request, key, TestChain.From, TestChain.To);
        using var leaf = ca.Leaf("Người ký");
        Assert.Equal("issuer-key-usage", Validate(leaf, [ca], Root).Failure!.Code);
    }

    [Fact]
    public void A_path_length_is_honoured()
    {
        using var one = Root.Ca("Bậc 1", pathLength: 0);
        using var two = one.Ca("Bậc 2");
        using var good = one.Leaf("Người ký");
        using var bad = two.Leaf("Người ký");
        Assert.True(Validate(good, [one], Root).IsValid);
        Assert.Equal("path-length", Validate(bad, [two, one], Root).Failure!.Code);
    }

    [Fact]
    public void An_unknown_critical_extension_stops_the_path_and_an_unknown_other_one_does_not()
    {
        using var critical = Sub.Leaf("Người ký", r => r.Extension("1.2.3.4.5", [0x05, 0x00], critical: true));
        using var harmless = Sub.Leaf("Người ký", r => r.Extension("1.2.3.4.5", [0x05, 0x00], critical: false));
        Assert.Equal("unknown-critical-extension", Validate(critical, [Sub], Root).Failure!.Code);
        Assert.True(Validate(harmless, [Sub], Root).IsValid);
    }

    [Theory]
    [InlineData(PathPurpose.Signing, X509KeyUsageFlags.NonRepudiation, false, CertificateOids.EmailProtection, true)]
    [InlineData(PathPurpose.Signing, X509KeyUsageFlags.DigitalSignature, false, null, true)]
    [InlineData(PathPurpose.Signing, X509KeyUsageFlags.KeyEncipherment, false, null, false)]
    [InlineData(PathPurpose.Signing, X509KeyUsageFlags.DigitalSignature, false, CertificateOids.ClientAuth, false)]
    [InlineData(PathPurpose.Signing, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, false, CertificateOids.ClientAuth, true)]
    [InlineData(PathPurpose.Signing, X509KeyUsageFlags.DigitalSignature, false, CertificateOids.ServerAuth, false)]
    [InlineData(PathPurpose.Signing, X509KeyUsageFlags.DigitalSignature, true, CertificateOids.TimeStamping, false)]
    [InlineData(PathPurpose.Timestamping, X509KeyUsageFlags.DigitalSignature, true, CertificateOids.TimeStamping, true)]
    [InlineData(PathPurpose.Timestamping, X509KeyUsageFlags.DigitalSignature, false, CertificateOids.TimeStamping, false)]
    [InlineData(PathPurpose.Timestamping, X509KeyUsageFlags.DigitalSignature, true, CertificateOids.EmailProtection, false)]
    [InlineData(PathPurpose.OcspSigning, X509KeyUsageFlags.DigitalSignature, false, CertificateOids.OcspSigning, true)]
    [InlineData(PathPurpose.OcspSigning, X509KeyUsageFlags.DigitalSignature, false, null, false)]
    [InlineData(PathPurpose.TlsClient, X509KeyUsageFlags.DigitalSignature, false, CertificateOids.ClientAuth, true)]
    [InlineData(PathPurpose.TlsClient, X509KeyUsageFlags.DigitalSignature, false, CertificateOids.ServerAuth, false)]
    [InlineData(PathPurpose.TlsServer, X509KeyUsageFlags.KeyEncipherment, false, CertificateOids.ServerAuth, true)]
    [InlineData(PathPurpose.TlsServer, X509KeyUsageFlags.DigitalSignature, false, CertificateOids.ClientAuth, false)]
    public void A_certificate_serves_its_purpose_only(PathPurpose purpose, X509KeyUsageFlags usage, bool critical, string? oid, bool expected)
    {
        using var leaf = Sub.Leaf("Người ký", r =>
        {
            r.Usage(usage);
            if (oid is not null)
                r.Purposes(critical, oid);
        });
        Assert.Equal(expected, Validate(leaf, [Sub], Root, purpose).IsValid);
    }

    [Fact]
    public void An_authority_limited_to_another_purpose_does_not_vouch_for_this_one()
    {
        using var ca = Root.Ca("CA máy chủ", r => r.Purposes(critical: false, CertificateOids.ServerAuth));
        using var leaf = ca.Leaf("Người ký");
        Assert.Equal("purpose", Validate(leaf, [ca], Root).Failure!.Code);
        Assert.True(Validate(leaf, [ca], Root, PathPurpose.TlsServer).IsValid);
    }

    [Fact]
    public void A_weak_hash_counts_at_its_time()
    {
        using var rootKey = Root.GetECDsaPrivateKey()!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Người ký cũ", key, HashAlgorithmName.SHA1);
        using var leaf = request.Create(Root.SubjectName, new Sha1Generator(rootKey), TestChain.From, TestChain.To, [1, 2, 3]);
        var failure = Validate(leaf, [], Root).Failure!;
        Assert.Equal((PathSubIndications.CryptoConstraints, "weak-algorithm"), (failure.SubIndication, failure.Code));
    }

    [Fact]
    public void A_pool_of_hundreds_of_impostors_costs_little()
    {
        var pool = Enumerable.Range(0, 400).Select(_ => Root.Ca("Vòng")).ToList();
        using var real = TestChain.Root("Vòng");
        using var leaf = real.Leaf("Người ký");
        var before = ThreadClock.Now;
        var result = Validate(leaf, pool, Sub);
        Assert.Equal("too-many-candidates", result.Failure!.Code);
        Assert.InRange((ThreadClock.Now - before).TotalSeconds, 0, 5);
    }

    [Fact]
    public void A_ring_of_cross_certificates_ends()
    {
        var keys = Enumerable.Range(0, 6).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256)).ToList();
        var roots = keys.Select((k, i) => TestChain.Root($"Vòng {i}").Ca($"R{i}", key: k)).ToList();
        var pool = (from i in Enumerable.Range(0, 6) from j in Enumerable.Range(0, 6) where i != j select roots[i].Ca($"R{j}", key: keys[j])).ToList();
        using var leaf = roots[0].Leaf("Người ký");
        Assert.False(Validate(leaf, pool, Root).IsValid);
        Assert.True(Validate(leaf, pool, roots[5]).IsValid);
    }

    [Fact]
    public void A_required_policy_must_be_common_to_the_path()
    {
        using var ca = Root.Ca("CA", r =>
        {
            r.Extension(CertificateOids.CertificatePolicies, Policies("1.2.3.1"), critical: false);
            r.Extension(CertificateOids.PolicyConstraints, [0x30, 0x03, 0x80, 0x01, 0x00], critical: true);
        });
        using var same = ca.Leaf("Cùng", r => r.Extension(CertificateOids.CertificatePolicies, Policies("1.2.3.1"), critical: false));
        using var other = ca.Leaf("Khác", r => r.Extension(CertificateOids.CertificatePolicies, Policies("1.2.3.2"), critical: false));
        using var none = ca.Leaf("Không");
        Assert.True(Validate(same, [ca], Root).IsValid);
        Assert.Equal("policy", Validate(other, [ca], Root).Failure!.Code);
        Assert.Equal("policy", Validate(none, [ca], Root).Failure!.Code);
    }

    private static byte[] Policies(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    private static TrustSnapshot Trust(params X509Certificate2[] anchors) => TrustSnapshot.Of(anchors.Select(a => a.Read()), allowSample: false);

    private static PathResult Validate(
        X509Certificate2 leaf, IEnumerable<X509Certificate2> pool, X509Certificate2 anchor, PathPurpose purpose = PathPurpose.Signing) =>
        new PathValidator().Validate(leaf.Read(), pool.Select(p => p.Read()), Trust(anchor), TestChain.Now, purpose);

    private sealed class Sha1Generator(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            [0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
#pragma warning disable CA5350 // the point of the test
            key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);
#pragma warning restore CA5350

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
