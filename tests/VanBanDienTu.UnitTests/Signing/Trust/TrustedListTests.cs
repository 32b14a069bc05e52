using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using VanBanDienTu.Cli;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Signing.Verification.TimeStories;

namespace VanBanDienTu.UnitTests.Signing.Trust;

/// <summary>Trusted lists: signed by .NET, verified by us and by xmlsec1; bent in every way that wrapping attacks know.</summary>
public sealed class TrustedListTests : IDisposable
{
    private static readonly DateTimeOffset Long = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly StoryPki _pki = new();
    private readonly ListWriter _list = new();

    [Theory]
    [InlineData("", SignedXml.XmlDsigExcC14NTransformUrl)]
    [InlineData("#list", SignedXml.XmlDsigExcC14NTransformUrl)]
    [InlineData("", SignedXml.XmlDsigC14NTransformUrl)]
    public void A_list_that_a_pinned_certificate_signed_feeds_the_snapshot_and_xmlsec1_agrees(string reference, string canonicalization)
    {
        var list = Services().Sign(reference, canonicalization);
        var trust = Load(list);
        Assert.Empty(trust.Findings);
        Assert.Equal(3, trust.Anchors.Count);
        Assert.Equal([TrustServiceKind.Authority, TrustServiceKind.Timestamping, TrustServiceKind.Timestamping], trust.Services.Select(s => s.Kind).Order());
        Assert.All(trust.Services, s => Assert.Equal("Nhà cung cấp Mẫu", s.Provider));
        var answer = Xmlsec(list);
        Assert.True(answer.ExitCode == 0, answer.Output);
        Assert.Empty(SchemaProblems(list));
    }

    [Fact]
    public void A_list_that_xmlsec1_signed_with_a_P256_key_is_read()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var signer = new CertificateRequest("CN=Người ký danh sách", key, System.Security.Cryptography.HashAlgorithmName.SHA256).CreateSelfSigned(Long, Long.AddYears(20));
        _folder.Write("key.pem", Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        const string template =
            """
            <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>
            <ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature></TrustServiceStatusList>
            """;
        _folder.Write("unsigned.xml", Encoding.UTF8.GetBytes(Services().Text().Replace("</TrustServiceStatusList>", template, StringComparison.Ordinal)));
        var made = ExternalTool.Run("xmlsec1", "--sign", "--privkey-pem", _folder["key.pem"], "--output", _folder["signed.xml"], _folder["unsigned.xml"]);
        Assert.True(made.ExitCode == 0, made.Output);
        Assert.Equal(3, Load(File.ReadAllBytes(_folder["signed.xml"]), signer).Anchors.Count);
    }

    /// <summary>What was done to a good list; part of the sentence that refuses it.</summary>
    public static TheoryData<string, string> Attacks => new()
    {
        { "status changed", "changed after it was signed" },
        { "namespace added", "changed after it was signed" },
        { "properties changed", "changed after it was signed" },
        { "signature value changed", "pinned" },
        { "by a stranger", "pinned" },
        { "nobody pinned", "pinned" },
        { "no signature", "exactly one signature" },
        { "two signatures", "exactly one signature" },
        { "signature elsewhere", "a child of the document element" },
        { "wrapped in a new list", "a child of the document element" },
        { "wrapped into an object", "not the document element" },
        { "id twice", "not the document element" },
        { "only the scheme", "not the document element" },
        { "another algorithm", "method" },
        { "a stylesheet before the digest", "transform" },
        { "another canonicalization", "canonicalization" },
        { "document type", "DTD" },
        { "another root", "no trusted list" },
        { "cut off", "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_bent_list_is_refused_and_gives_no_anchor(string attack, string why)
    {
        var good = Encoding.UTF8.GetString(Services().Sign("#list"));
        var signer = attack == "by a stranger" ? TestKeys.Root : _list.Signer;
        var trust = Load(Encoding.UTF8.GetBytes(Bend(good, attack)), attack == "nobody pinned" ? null : signer);
        Assert.True(trust.IsEmpty);
        var finding = Assert.Single(trust.Findings);
        Assert.Contains(why, finding.En, StringComparison.Ordinal);
        Assert.NotEqual(finding.Vi, finding.En);
    }

    /// <summary>What the list says of the authority, whether a document timestamp proves the signature, and the verdict in mid-2026.</summary>
    public static TheoryData<string, bool, Indication, string?> Statuses => new()
    {
        { "granted", false, Indication.TotalPassed, null },
        { "recognisedatnationallevel", false, Indication.TotalPassed, null },
        { "withdrawn", false, Indication.Indeterminate, "service-not-granted" },
        { "withdrawn before", true, Indication.Indeterminate, "service-not-granted" },
        { "withdrawn since", false, Indication.Indeterminate, "service-not-granted" },
        { "withdrawn since", true, Indication.TotalPassed, null },
        { "granted later", true, Indication.TotalPassed, null }, // it is granted today: nothing has to be proven
        { "only timestamps", false, Indication.Indeterminate, "not-listed-for-this" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_service_counts_while_it_is_granted_for_what_it_is_listed(string status, bool proven, Indication indication, string? reason)
    {
        using var file = new StoryFile(_pki);
        var person = _pki.Person();
        var change = StoryPki.Start.AddDays(30);
        file.Sign(person);
        file.Embed();
        if (proven)
            file.Stamp(_pki.SecondTsa);
        _pki.Time.Advance(TimeSpan.FromDays(60));
        file.Embed();
        (DateTimeOffset, string)[] history = status switch
        {
            "withdrawn" => [(Long, "withdrawn")],
            "withdrawn before" => [(Long, "granted"), (StoryPki.Start.AddDays(-10), "withdrawn")],
            "withdrawn since" => [(Long, "granted"), (change, "withdrawn")],
            "granted later" => [(Long, "withdrawn"), (change, "granted")],
            _ => [(Long, status)],
        };
        _list.Service(_pki.SecondTsa.Certificate, "TSA/QTST", (Long, "granted"));
        _list.Service(_pki.Root.Certificate, status == "only timestamps" ? "TSA" : "CA/QC", status == "only timestamps" ? [(Long, "granted")] : history);
        _pki.Trust = Load(_list.Sign());
        var signature = (await file.VerifyAsync()).Signatures[0];
        Assert.Equal((indication, reason), (signature.Indication, signature.Indication == Indication.TotalPassed ? null : signature.Reasons[0].Code));
    }

    [Theory]
    [InlineData(-1, Indication.Indeterminate, "trusted-list-outdated")]
    [InlineData(60, Indication.TotalPassed, null)]
    public async Task A_list_that_should_have_been_replaced_gives_no_green(int days, Indication indication, string? reason)
    {
        using var file = new StoryFile(_pki);
        file.Sign(_pki.Person());
        file.Embed();
        var due = new ListWriter { NextUpdate = _pki.Time.GetUtcNow().AddDays(days).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) }
            .Service(_pki.Root.Certificate, "CA/QC", (Long, "granted"));
        _pki.Trust = Load(due.Sign(), due.Signer);
        var signature = (await file.VerifyAsync()).Signatures[0];
        Assert.Equal((indication, reason), (signature.Indication, signature.Indication == Indication.TotalPassed ? null : signature.Reasons[0].Code));
        Assert.Equal(_pki.Trust.Id, TrustSnapshot.Read(_pki.Trust.Utf8()).Id);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("another territory", 0)]
    [InlineData("another signer", 0)]
    [InlineData("list of lists not pinned", 0)]
    [InlineData("two steps away", 0)]
    public void A_list_of_lists_vouches_for_the_lists_it_points_to_and_no_further(string wrong, int anchors)
    {
        using var other = System.Security.Cryptography.RSA.Create(2048);
        using var third = System.Security.Cryptography.RSA.Create(2048);
        var national = new ListWriter { Key = other, Territory = wrong == "another territory" ? "LA" : "VN" };
        if (wrong == "two steps away")
            national = new ListWriter { Key = other, Pointers = [("LA", new ListWriter { Key = third }.Signer)] };
        var deepest = wrong == "two steps away" ? new ListWriter { Key = third, Territory = "LA" } : national;
        deepest.Service(_pki.Root.Certificate, "CA/QC", (Long, "granted")).Service(_pki.Tsa.Certificate, "TSA/QTST", (Long, "granted")).Service(_pki.SecondTsa.Certificate, "TSA", (Long, "granted"));
        var lists = new ListWriter { Territory = "XX", Pointers = [("VN", wrong == "another signer" ? _list.Signer : national.Signer)] };
        Directory.CreateDirectory(_folder["trust"]);
        _folder.Write("trust/a-national.xml", national.Sign());
        if (wrong == "two steps away")
            _folder.Write("trust/b-deepest.xml", deepest.Sign());
        var trust = Load(lists.Sign(), wrong == "list of lists not pinned" ? TestKeys.Root : lists.Signer);
        Assert.Equal(anchors, trust.Anchors.Count);
        Assert.Equal(anchors > 0, trust.Findings.Count == 0);
        Assert.Empty(SchemaProblems(lists.Sign()));
    }

    [Fact]
    public void The_snapshots_id_follows_the_list_and_what_is_stored_reads_back_the_same()
    {
        var first = Load(Services().Sign());
        var again = TrustSnapshot.Read(first.Utf8());
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(first.Services.Select(s => s.History[^1]), again.Services.Select(s => s.History[^1]));
        var later = Load(_list.Service(_pki.Root.Certificate, "CA/QC", (Long, "granted"), (Long.AddYears(7), "withdrawn")).Sign());
        Assert.NotEqual(first.Id, later.Id);
        Assert.NotEqual(first.Id, TrustSnapshot.Of(first.Anchors, allowSample: true).Id); // the same certificates, unlisted
    }

    [Fact]
    public async Task Verify_takes_a_folder_with_a_list_and_its_pinned_signer()
    {
        using var story = new StoryFile(_pki);
        story.Sign(_pki.Person());
        story.Embed();
        Load(Services().Sign());
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] words = ["verify", story.Path, "--trust", _folder["trust"], "--allow-sample-trust", "--offline", "--at", StoryPki.Start.AddHours(1).ToString("O")];
        Assert.Equal(0, await CommandLine.RunAsync(words, output, error));
        Assert.DoesNotContain("list.xml", error.ToString(), StringComparison.Ordinal);
        Directory.Delete(_folder["trust/list-signers"], recursive: true);
        Assert.Equal(2, await CommandLine.RunAsync(words, output, error));
        Assert.Contains("list.xml", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ListWriter Services() => _list
        .Service(_pki.Root.Certificate, "CA/QC", (Long, "undersupervision"), (Long.AddYears(3), "granted"))
        .Service(_pki.Tsa.Certificate, "TSA/QTST", (Long, "granted"))
        .Service(_pki.SecondTsa.Certificate, "TSA", (Long, "granted"))
        .Service(_pki.Ca.Certificate, "EDS/Q", (Long, "granted")); // registered delivery: nothing that a signature rests on

    private TrustSnapshot Load(byte[] list) => Load(list, _list.Signer);

    private TrustSnapshot Load(byte[] list, X509Certificate2? signer)
    {
        Directory.CreateDirectory(_folder["trust/list-signers"]);
        _folder.Write("trust/list.xml", list);
        if (signer is not null)
            _folder.Write("trust/list-signers/signer.cer", signer.RawData);
        return TrustSnapshot.Load(_folder["trust"], allowSample: true);
    }

    private ToolAnswer Xmlsec(byte[] list)
    {
        _folder.Write("opinion.xml", list);
        _folder.Write("signer.pem", Encoding.ASCII.GetBytes(_list.Signer.ExportCertificatePem()));
        return ExternalTool.Run("xmlsec1", "--verify", "--pubkey-cert-pem", _folder["signer.pem"], "--id-attr:Id", "TrustServiceStatusList", "--id-attr:Id", "SignedProperties", _folder["opinion.xml"]);
    }

    // ETSI's schema; of what it imports only the names are needed here, and nothing is fetched.
    private static List<string> SchemaProblems(byte[] list)
    {
        var set = new XmlSchemaSet { XmlResolver = null };
        foreach (var schema in new[]
        {
            """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace"><xs:attribute name="lang" type="xs:language"/></xs:schema>""",
            """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/09/xmldsig#"><xs:element name="Signature" type="xs:anyType"/><xs:element name="KeyValue" type="xs:anyType"/></xs:schema>""",
        })
            set.Add(null, XmlReader.Create(new StringReader(schema)));
        set.Add(null, XmlReader.Create(Path.Combine(Samples.Corpus, "..", "schemas", "ts_119612v020401_xsd.xsd")));
        set.Compile();
        var problems = new List<string>();
        using var stream = new MemoryStream(list);
        XDocument.Load(stream).Validate(set, (_, e) => problems.Add(e.Message));
        return problems;
    }

    private string Bend(string good, string attack)
    {
        var start = good.IndexOf("<Signature ", StringComparison.Ordinal);
        var signature = good[start..(good.IndexOf("</Signature>", StringComparison.Ordinal) + "</Signature>".Length)];
        var bare = good.Replace(signature, "", StringComparison.Ordinal);
        var evil = bare.Replace("undersupervision", "granted", StringComparison.Ordinal);
        var declaration = good[..(good.IndexOf("?>", StringComparison.Ordinal) + 2)];
        string InRoot(string list, string what) => list.Replace("</TrustServiceStatusList>", what + "</TrustServiceStatusList>", StringComparison.Ordinal);
        string Once(string text, string from, string to)
        {
            var at = text.IndexOf(from, StringComparison.Ordinal);
            return at < 0 ? throw new InvalidOperationException($"«{from}» is not in the list.") : string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length));
        }

        return attack switch
        {
            "status changed" => Once(good, "Svcstatus/granted", "Svcstatus/withdrawn"),
            "namespace added" => Once(good, "<SchemeInformation>", "<SchemeInformation xmlns=\"urn:other\">"),
            "properties changed" => Once(good, "2026-01-01T00:00:00Z</xades", "2026-01-02T00:00:00Z</xades"),
            "signature value changed" => Once(good, "<SignatureValue>", "<SignatureValue>AAAA"),
            "no signature" => bare,
            "two signatures" => InRoot(good, signature),
            "signature elsewhere" => Once(bare, "</SchemeInformation>", signature + "</SchemeInformation>"),
            // The signed list, whole, stands inside another one that is read in its place.
            "wrapped in a new list" => declaration + Once(InRoot(evil[declaration.Length..].Replace("Id=\"list\"", "", StringComparison.Ordinal), good[declaration.Length..]), "", ""),
            "wrapped into an object" => declaration + InRoot(evil[declaration.Length..].Replace("Id=\"list\"", "Id=\"other\"", StringComparison.Ordinal), Once(signature, "</Signature>", "<Object>" + bare[declaration.Length..] + "</Object></Signature>")),
            "id twice" => declaration + InRoot(evil[declaration.Length..], Once(signature, "</Signature>", "<Object>" + bare[declaration.Length..] + "</Object></Signature>")),
            "only the scheme" => Encoding.UTF8.GetString(_list.SignText(_list.Text().Replace("Id=\"list\"", "", StringComparison.Ordinal).Replace("<SchemeInformation>", "<SchemeInformation Id=\"part\">", StringComparison.Ordinal), "#part")),
            "another algorithm" => Once(good, SignedXml.XmlDsigRSASHA256Url, SignedXml.XmlDsigHMACSHA1Url),
            "a stylesheet before the digest" => Once(good, SignedXml.XmlDsigEnvelopedSignatureTransformUrl, SignedXml.XmlDsigXsltTransformUrl),
            "another canonicalization" => Once(good, $"<CanonicalizationMethod Algorithm=\"{SignedXml.XmlDsigExcC14NTransformUrl}\"", $"<CanonicalizationMethod Algorithm=\"{SignedXml.XmlDsigExcC14NWithCommentsTransformUrl}\""),
            "document type" => Once(good, "?>", "?><!DOCTYPE TrustServiceStatusList [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"),
            "another root" => good.Replace("TrustServiceStatusList", "Liste", StringComparison.Ordinal),
            "cut off" => good[..^200],
            _ => good,
        };
    }
}
