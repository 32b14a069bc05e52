using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Signing.Paths;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace VanBanDienTu.UnitTests.Signing.Revocation;

/// <summary>
/// CRLs of a part, of another authority, and deltas over them, as Bouncy Castle writes them; beside our word that of
/// <c>openssl verify -crl_check -extended_crl -use_deltas</c>. X509Chain is not heard: it takes no CRL from memory and knows no deltas.
/// </summary>
public sealed class CrlPartsTests : IDisposable
{
    private const string Url = "http://crl.example/1.crl";
    private const int Compromised = ReasonFlags.KeyCompromise | ReasonFlags.CACompromise | ReasonFlags.AACompromise;
    private const int Other = ReasonFlags.AffiliationChanged | ReasonFlags.Superseded | ReasonFlags.CessationOfOperation | ReasonFlags.CertificateHold | ReasonFlags.PrivilegeWithdrawn;

    private static readonly DateTime Now = TestChain.Now.UtcDateTime;
    private static readonly X509Certificate2 Ca = TestChain.Root("Cơ quan cấp");
    private static readonly X509Certificate2 Lister = Ca.Ca("Cơ quan thu hồi");
    private static readonly X509Certificate2 Stranger = TestChain.Root("Cơ quan thu hồi");
    private static readonly X509Certificate2 Plain = Leaf(new DistributionPoint(Name(Url), null, null), freshest: true);
    private static readonly X509Certificate2 ByReasons = Leaf(
        [new DistributionPoint(Name("http://crl.example/k.crl"), new ReasonFlags(Compromised), null), new DistributionPoint(Name("http://crl.example/o.crl"), new ReasonFlags(Other), null)]);
    private static readonly X509Certificate2 ByAnother = Leaf(
        new DistributionPoint(Name(Url), null, new GeneralNames(new GeneralName(Dn(Lister)))));

    private readonly TemporaryFolder _folder = new();

    /// <summary>Whose certificate, the lists at hand, our word, and openssl's: «ok», or a part of its refusal.</summary>
    public static TheoryData<string, string[], RevocationStatus, string?, string> Table => new()
    {
        { "plain", ["base"], RevocationStatus.Good, null, "ok" },
        { "plain", ["base hold"], RevocationStatus.Revoked, "certificateHold", "revoked" },
        { "plain", ["base hold", "delta removed"], RevocationStatus.Good, null, "ok" },
        { "plain", ["base", "delta revoked"], RevocationStatus.Revoked, "keyCompromise", "revoked" },
        { "plain", ["base", "delta"], RevocationStatus.Good, null, "ok" },
        { "plain", ["delta"], RevocationStatus.Unknown, null, "unable to get certificate CRL" }, // a delta list says nothing alone
        { "plain", ["base", "delta of a later base"], RevocationStatus.Good, null, "ok" }, // it does not fit: as if it were not there
        { "plain", ["base", "stale delta"], RevocationStatus.Good, null, "ok" },

        { "plain", ["own part"], RevocationStatus.Good, null, "ok" },
        { "plain", ["another part"], RevocationStatus.Unknown, null, "CRL scope" },
        { "plain", ["users"], RevocationStatus.Good, null, "ok" },
        { "plain", ["authorities"], RevocationStatus.Unknown, null, "CRL scope" },
        { "plain", ["attributes"], RevocationStatus.Unknown, null, "CRL scope" },

        { "reasons", ["compromised part"], RevocationStatus.Unknown, null, "unable to get certificate CRL" },
        { "reasons", ["compromised part", "other part"], RevocationStatus.Good, null, "ok" },
        { "reasons", ["compromised part", "other part revoked"], RevocationStatus.Revoked, "superseded", "revoked" },
        { "reasons", ["compromised part", "stale other part"], RevocationStatus.Unknown, null, "CRL has expired" },

        { "another", ["indirect"], RevocationStatus.Good, null, "ok" },
        { "another", ["indirect revoked"], RevocationStatus.Revoked, "cessationOfOperation", "revoked" },
        { "another", ["indirect other issuer"], RevocationStatus.Good, null, "ok" }, // the same serial number of another authority
        { "another", ["indirect without saying so"], RevocationStatus.Unknown, null, "unable to get certificate CRL" },
        { "another", ["indirect by a stranger"], RevocationStatus.Unknown, null, "CRL signature failure" },
        { "plain", ["indirect"], RevocationStatus.Unknown, null, "CRL scope" }, // its own points do not name that authority
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_part_speaks_for_what_it_covers(string whose, string[] lists, RevocationStatus status, string? reason, string openssl)
    {
        var leaf = whose switch { "reasons" => ByReasons, "another" => ByAnother, _ => Plain };
        byte[][] crls = [.. lists.Select(l => List(l, leaf))];
        var answer = CrlJudge.Judge(Asked(leaf), crls.Select(c => (ReadOnlyMemory<byte>)c));
        Assert.Equal((status, reason), (answer.Status, answer.Reason));
        Assert.Equal(status == RevocationStatus.Unknown, answer.Why is not null);
        var said = Openssl(leaf, crls);
        Assert.True(said.Contains(openssl, StringComparison.OrdinalIgnoreCase), said);
    }

    [Fact]
    public void A_day_on_which_the_key_became_bad_is_read_and_counts_when_it_is_the_earlier_one()
    {
        var answer = CrlJudge.Judge(Asked(Plain), Crl(Ca, 5, g => g.AddCrlEntry(Serial(Plain), Now.AddDays(-2), CrlReason.KeyCompromise, Now.AddDays(-9))));
        Assert.Equal((Now.AddDays(-2), Now.AddDays(-9)), (answer.RevokedAt!.Value.UtcDateTime, answer.BadSince!.Value.UtcDateTime));
    }

    [Fact]
    public void What_an_answer_rests_on_beside_its_first_list_is_named()
    {
        var two = CrlJudge.Judge(Asked(ByReasons), [List("compromised part", ByReasons), List("other part", ByReasons)]);
        Assert.Single(two.Further);
        Assert.Single(CrlJudge.Judge(Asked(Plain), [List("base", Plain), List("delta", Plain)]).Further);
    }

    [Fact]
    public void A_list_of_indefinite_lengths_says_the_same()
    {
        byte[] inner = List("base hold", Plain);
        var reader = new Asn1InputStream(inner);
        var parts = (Asn1Sequence)reader.ReadObject();
        byte[] indefinite = [0x30, 0x80, .. parts[0].GetDerEncoded(), .. parts[1].GetDerEncoded(), .. parts[2].GetDerEncoded(), 0, 0];
        Assert.Equal((RevocationStatus.Revoked, "certificateHold"), (CrlJudge.Judge(Asked(Plain), indefinite).Status, CrlJudge.Judge(Asked(Plain), indefinite).Reason));
    }

    [Fact]
    public void In_a_list_of_a_hundred_thousand_each_is_found_every_time_it_is_asked()
    {
        var crl = Crl(Ca, 5, g =>
        {
            for (var i = 1; i <= 100_000; i++)
                g.AddCrlEntry(BigInteger.ValueOf(i * 7919L), Now.AddDays(-i % 300), i % 2 == 0 ? CrlReason.Superseded : CrlReason.KeyCompromise);
        });
        var list = VanBanDienTu.Signing.Revocation.Crl.Parse(crl);
        foreach (var i in new[] { 1, 2, 50_000, 99_999, 100_000 })
        {
            var entry = list.Find(BigInteger.ValueOf(i * 7919L).ToByteArray());
            Assert.Equal((i % 2 == 0 ? 4 : 1, Now.AddDays(-i % 300)), (entry!.Reason, entry.RevokedAt.UtcDateTime));
            Assert.Null(list.Find(BigInteger.ValueOf(i * 7919L + 1).ToByteArray()));
        }
    }

    [Theory]
    [InlineData(false, RevocationStatus.Good)]
    [InlineData(true, RevocationStatus.Revoked)]
    public async Task Lists_of_all_points_and_what_changed_since_are_fetched_and_heard_together(bool revokedSince, RevocationStatus expected)
    {
        using var server = new ListServer();
        var leaf = Leaf(
            [
                new DistributionPoint(Name(server.Url("k")), new ReasonFlags(Compromised), null),
                new DistributionPoint(Name(server.Url("o")), new ReasonFlags(Other), null),
            ], server.Url("d"));
        server.Lists["k"] = Crl(Ca, 5, Part(url: server.Url("k"), reasons: Compromised));
        server.Lists["o"] = Crl(Ca, 5, Part(url: server.Url("o"), reasons: Other));
        server.Lists["d"] = Crl(Ca, 7, g =>
        {
            Part(url: server.Url("k"), reasons: Compromised)(g);
            Over(5)(g);
            if (revokedSince)
                g.AddCrlEntry(Serial(leaf), Now.AddHours(-3), CrlReason.KeyCompromise);
        });
        using var http = new HttpClient();
        var checker = new RevocationChecker(http, new ManualTime(TestChain.Now), new RevocationOptions { AllowedHosts = new HashSet<string> { "127.0.0.1" } });
        var answer = await checker.CheckAsync(leaf.Read(), Ca.Read(), EmbeddedRevocation.None, TestChain.Now, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.Status);
        Assert.Equal(["/k", "/o", "/d"], server.Asked);
        Assert.NotEmpty(answer.Further);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>CRLs over HTTP.</summary>
    private sealed class ListServer : IDisposable
    {
        private readonly System.Net.HttpListener _listener = new();
        private readonly string _base;

        public ListServer()
        {
            _base = $"http://127.0.0.1:{FreePort.Take()}/";
            _listener.Prefixes.Add(_base);
            _listener.Start();
            _ = Task.Run(AnswerAsync);
        }

        public Dictionary<string, byte[]> Lists { get; } = new(StringComparer.Ordinal);

        public List<string> Asked { get; } = [];

        public string Url(string list) => _base + list;

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    Asked.Add(context.Request.RawUrl!);
                    await context.Response.OutputStream.WriteAsync(Lists[context.Request.RawUrl![1..]]);
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is ObjectDisposedException or System.Net.HttpListenerException)
            {
                // The test is over.
            }
        }
    }

    private static byte[] List(string what, X509Certificate2 leaf) => what switch
    {
        "base" => Crl(Ca, 5),
        "base hold" => Crl(Ca, 5, g => g.AddCrlEntry(Serial(leaf), Now.AddDays(-5), CrlReason.CertificateHold)),
        "delta" => Crl(Ca, 7, Over(5)),
        "delta removed" => Crl(Ca, 7, g => { Over(5)(g); g.AddCrlEntry(Serial(leaf), Now.AddDays(-1), CrlReason.RemoveFromCrl); }),
        "delta revoked" => Crl(Ca, 7, g => { Over(5)(g); g.AddCrlEntry(Serial(leaf), Now.AddDays(-1), CrlReason.KeyCompromise); }),
        "delta of a later base" => Crl(Ca, 9, g => { Over(8)(g); g.AddCrlEntry(Serial(leaf), Now.AddDays(-1), CrlReason.KeyCompromise); }),
        "stale delta" => Crl(Ca, 7, g => { Over(5)(g); g.SetNextUpdate(Now.AddHours(-12)); }),
        "own part" => Crl(Ca, 5, Part(url: Url)),
        "another part" => Crl(Ca, 5, Part(url: "http://crl.example/2.crl")),
        "users" => Crl(Ca, 5, Part(users: true)),
        "authorities" => Crl(Ca, 5, Part(authorities: true)),
        "attributes" => Crl(Ca, 5, Part(attributes: true)),
        "compromised part" => Crl(Ca, 5, Part(url: "http://crl.example/k.crl", reasons: Compromised)),
        "other part" => Crl(Ca, 5, Part(url: "http://crl.example/o.crl", reasons: Other)),
        "stale other part" => Crl(Ca, 5, g => { Part(url: "http://crl.example/o.crl", reasons: Other)(g); g.SetNextUpdate(Now.AddHours(-12)); }),
        "other part revoked" => Crl(Ca, 5, g => { Part(url: "http://crl.example/o.crl", reasons: Other)(g); g.AddCrlEntry(Serial(leaf), Now.AddDays(-1), CrlReason.Superseded); }),
        "indirect" => Crl(Lister, 5, Part(url: Url, indirect: true)),
        "indirect revoked" => Crl(Lister, 5, g => { Part(url: Url, indirect: true)(g); Entry(g, BigInteger.One, Lister, CrlReason.Superseded); Entry(g, Serial(leaf), Ca, CrlReason.CessationOfOperation); }),
        "indirect other issuer" => Crl(Lister, 5, g => { Part(url: Url, indirect: true)(g); Entry(g, BigInteger.One, Ca, CrlReason.Superseded); Entry(g, Serial(leaf), Lister, CrlReason.CessationOfOperation); }),
        "indirect without saying so" => Crl(Lister, 5, Part(url: Url)),
        "indirect by a stranger" => Crl(Stranger, 5, Part(url: Url, indirect: true)),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No such list."),
    };

    private static RevocationQuestion Asked(X509Certificate2 leaf)
    {
        var trust = TrustSnapshot.Of([Ca.Read()], allowSample: true);
        return new RevocationQuestion(leaf.Read(), Ca.Read(), TestChain.Now, TestChain.Now, new RevocationOptions())
        {
            Pool = [Lister.Read(), Stranger.Read()],
            Vouch = signer => new PathValidator().Validate(signer, [], trust, TestChain.Now, PathPurpose.Any) is { IsValid: true } path ? path : null,
        };
    }

    private string Openssl(X509Certificate2 leaf, byte[][] crls)
    {
        File.WriteAllText(_folder["ca.pem"], Ca.ExportCertificatePem());
        File.WriteAllText(_folder["lister.pem"], Lister.ExportCertificatePem());
        File.WriteAllText(_folder["leaf.pem"], leaf.ExportCertificatePem());
        var pem = new StringBuilder();
        foreach (var crl in crls)
            pem.Append(new string(PemEncoding.Write("X509 CRL", crl))).Append('\n');
        File.WriteAllText(_folder["crls.pem"], pem.ToString());
        var answer = ExternalTool.Run("openssl", "verify", "-attime", TestChain.Now.ToUnixTimeSeconds().ToString(), "-crl_check", "-extended_crl", "-use_deltas",
            "-CAfile", _folder["ca.pem"], "-untrusted", _folder["lister.pem"], "-CRLfile", _folder["crls.pem"], _folder["leaf.pem"]);
        return answer.ExitCode == 0 ? "ok" : answer.Output;
    }

    private static byte[] Crl(X509Certificate2 signer, int number, Action<X509V2CrlGenerator>? more = null)
    {
        var generator = new X509V2CrlGenerator();
        generator.SetIssuerDN(Dn(signer));
        generator.SetThisUpdate(Now.AddDays(-1));
        generator.SetNextUpdate(Now.AddDays(6));
        generator.AddExtension(X509Extensions.CrlNumber, critical: false, new CrlNumber(BigInteger.ValueOf(number)));
        more?.Invoke(generator);
        using var key = signer.GetECDsaPrivateKey()!;
        return generator.Generate(new Asn1SignatureFactory("SHA256WITHECDSA", PrivateKeyFactory.CreateKey(key.ExportPkcs8PrivateKey()))).GetEncoded();
    }

    private static Action<X509V2CrlGenerator> Over(int number) =>
        g => g.AddExtension(X509Extensions.DeltaCrlIndicator, critical: true, new CrlNumber(BigInteger.ValueOf(number)));

    private static Action<X509V2CrlGenerator> Part(string? url = null, bool users = false, bool authorities = false, bool attributes = false, int? reasons = null, bool indirect = false) =>
        g => g.AddExtension(X509Extensions.IssuingDistributionPoint, critical: true, new IssuingDistributionPoint(
            url is null ? null : Name(url), users, authorities, reasons is { } flags ? new ReasonFlags(flags) : null, indirect, attributes));

    private static void Entry(X509V2CrlGenerator generator, BigInteger serial, X509Certificate2 issuer, int reason)
    {
        var extensions = new X509ExtensionsGenerator();
        extensions.AddExtension(X509Extensions.ReasonCode, critical: false, new CrlReason(reason));
        extensions.AddExtension(X509Extensions.CertificateIssuer, critical: true, new GeneralNames(new GeneralName(Dn(issuer))));
        generator.AddCrlEntry(serial, Now.AddDays(-1), extensions.Generate());
    }

    private static X509Certificate2 Leaf(DistributionPoint point, bool freshest = false) => Leaf([point], freshest ? "http://crl.example/d.crl" : null);

    private static X509Certificate2 Leaf(DistributionPoint[] points, string? freshest = null) => Ca.Leaf("Người ký", r =>
    {
        r.Extension("2.5.29.31", new CrlDistPoint(points).GetDerEncoded(), critical: false);
        if (freshest is not null)
            r.Extension("2.5.29.46", new CrlDistPoint([new DistributionPoint(Name(freshest), null, null)]).GetDerEncoded(), critical: false);
    });

    private static DistributionPointName Name(string url) => new(new GeneralNames(new GeneralName(GeneralName.UniformResourceIdentifier, url)));

    private static X509Name Dn(X509Certificate2 certificate) => X509Name.GetInstance(Asn1Object.FromByteArray(certificate.SubjectName.RawData));

    private static BigInteger Serial(X509Certificate2 certificate) => new(1, certificate.SerialNumberBytes.ToArray());
}
