using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.UnitTests.Signing.Trust;

/// <summary>Writes trusted lists of ETSI TS 119 612 and has .NET's own SignedXml sign them, as a scheme operator would.</summary>
internal sealed class ListWriter
{
    public const string Type = "http://uri.etsi.org/TrstSvc/Svctype/";

    private const string Status = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/";
    private const string Xades = "http://uri.etsi.org/01903/v1.3.2#";

    private readonly StringBuilder _services = new();

    // Keys cost time and mean nothing to the lists.
    private static readonly RSA Shared = RSA.Create(2048);

    /// <summary>Another operator's.</summary>
    public RSA Key { get; init; } = Shared;

    /// <summary>Who signs the list.</summary>
    public X509Certificate2 Signer => field ??= SignerOf(Key);

    /// <summary>When a newer list is due.</summary>
    public string NextUpdate { get; init; } = "2044-01-01T00:00:00Z";

    public string Territory { get; init; } = "VN";

    /// <summary>Other lists that this one points to: whose, and who signs them.</summary>
    public IReadOnlyList<(string Territory, X509Certificate2 Signer)> Pointers { get; init; } = [];

    /// <summary>A service with its history, oldest status first.</summary>
    public ListWriter Service(Certificate certificate, string type, params (DateTimeOffset From, string Status)[] history)
    {
        string Instance((DateTimeOffset From, string Status) s) =>
            $"""
            <ServiceTypeIdentifier>{Type}{type}</ServiceTypeIdentifier>
            <ServiceName><Name xml:lang="vi">Dịch vụ</Name></ServiceName>
            <ServiceDigitalIdentity><DigitalId><X509Certificate>{Convert.ToBase64String(certificate.Der.Span)}</X509Certificate></DigitalId></ServiceDigitalIdentity>
            <ServiceStatus>{Status}{s.Status}</ServiceStatus>
            <StatusStartingTime>{s.From.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}</StatusStartingTime>
            """;
        var past = string.Concat(history.SkipLast(1).Reverse().Select(s => $"<ServiceHistoryInstance>{Instance(s)}</ServiceHistoryInstance>"));
        _services.Append($"<TSPService><ServiceInformation>{Instance(history[^1])}</ServiceInformation>{(past.Length == 0 ? "" : $"<ServiceHistory>{past}</ServiceHistory>")}</TSPService>\n");
        return this;
    }

    /// <summary>The list, not yet signed.</summary>
    public string Text() =>
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="list" TSLTag="http://uri.etsi.org/19612/TSLTag">
        <SchemeInformation>
        <TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>7</TSLSequenceNumber><TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/generic</TSLType>
        <SchemeOperatorName><Name xml:lang="vi">Cơ quan Mẫu</Name></SchemeOperatorName>
        <SchemeOperatorAddress>{Address}</SchemeOperatorAddress>
        <SchemeName><Name xml:lang="vi">VN:Danh sách mẫu</Name></SchemeName>
        <SchemeInformationURI><URI xml:lang="vi">http://list.example/</URI></SchemeInformationURI>
        <StatusDeterminationApproach>http://uri.etsi.org/TrstSvc/TrustedList/StatusDetn/VNappropriate</StatusDeterminationApproach>
        <SchemeTerritory>{Territory}</SchemeTerritory>
        <HistoricalInformationPeriod>65535</HistoricalInformationPeriod>
        {PointersText}<ListIssueDateTime>2026-01-01T00:00:00Z</ListIssueDateTime>
        <NextUpdate><dateTime>{NextUpdate}</dateTime></NextUpdate>
        </SchemeInformation>
        {Providers}
        </TrustServiceStatusList>
        """;

    private string Providers => _services.Length == 0 ? "" :
        $"""
        <TrustServiceProviderList><TrustServiceProvider>
        <TSPInformation><TSPName><Name xml:lang="vi">Nhà cung cấp Mẫu</Name></TSPName><TSPAddress>{Address}</TSPAddress><TSPInformationURI><URI xml:lang="vi">http://tsp.example/</URI></TSPInformationURI></TSPInformation>
        <TSPServices>
        {_services}</TSPServices>
        </TrustServiceProvider></TrustServiceProviderList>
        """;

    public byte[] Sign(string? reference = "", string canonicalization = SignedXml.XmlDsigExcC14NTransformUrl) => SignText(Text(), reference, canonicalization);

    /// <summary>An enveloped XAdES signature: the whole document, and the signed properties.</summary>
    public byte[] SignText(string text, string? reference = "", string canonicalization = SignedXml.XmlDsigExcC14NTransformUrl)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml(text);
        var signed = new WithProperties(document) { SigningKey = Key };
        signed.SignedInfo!.CanonicalizationMethod = canonicalization;
        signed.SignedInfo.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
        var whole = new Reference(reference) { DigestMethod = SignedXml.XmlDsigSHA256Url };
        whole.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        whole.AddTransform(canonicalization == SignedXml.XmlDsigExcC14NTransformUrl ? new XmlDsigExcC14NTransform() : new XmlDsigC14NTransform());
        signed.AddReference(whole);
        signed.AddProperties(Properties());
        signed.KeyInfo = new KeyInfo();
        signed.KeyInfo.AddClause(new KeyInfoX509Data(Signer));
        signed.ComputeSignature();
        document.DocumentElement!.AppendChild(document.ImportNode(signed.GetXml(), deep: true));
        return Encoding.UTF8.GetBytes(document.OuterXml);
    }

    private static X509Certificate2 SignerOf(RSA key) =>
        new CertificateRequest("CN=Cơ quan quản lý danh sách, C=VN", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2044, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static string Address =>
        """<PostalAddresses><PostalAddress xml:lang="vi"><StreetAddress>Số 1</StreetAddress><Locality>Hà Nội</Locality><CountryName>VN</CountryName></PostalAddress></PostalAddresses><ElectronicAddress><URI xml:lang="vi">mailto:a@list.example</URI></ElectronicAddress>""";

    private string PointersText => Pointers.Count == 0 ? "" : $"<PointersToOtherTSL>{string.Concat(Pointers.Select(p =>
        $"""
        <OtherTSLPointer><ServiceDigitalIdentities><ServiceDigitalIdentity><DigitalId><X509Certificate>{Convert.ToBase64String(p.Signer.RawData)}</X509Certificate></DigitalId></ServiceDigitalIdentity></ServiceDigitalIdentities>
        <TSLLocation>http://list.example/{p.Territory}.xml</TSLLocation><AdditionalInformation><OtherInformation><SchemeTerritory>{p.Territory}</SchemeTerritory></OtherInformation></AdditionalInformation></OtherTSLPointer>
        """))}</PointersToOtherTSL>";

    private string Properties() =>
        $"""
        <xades:QualifyingProperties xmlns:xades="{Xades}" Target="#sig"><xades:SignedProperties Id="props"><xades:SignedSignatureProperties>
        <xades:SigningTime>2026-01-01T00:00:00Z</xades:SigningTime>
        <xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Algorithm="{SignedXml.XmlDsigSHA256Url}"/><ds:DigestValue xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{Convert.ToBase64String(SHA256.HashData(Signer.RawData))}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>
        </xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties>
        """;

    /// <summary>SignedXml does not look for ids in its own objects.</summary>
    private sealed class WithProperties(XmlDocument document) : SignedXml(document)
    {
        private XmlElement? _properties;

        public void AddProperties(string xml)
        {
            var holder = new XmlDocument { PreserveWhitespace = true };
            holder.LoadXml($"<ds:Object xmlns:ds=\"{XmlDsigNamespaceUrl}\">{xml}</ds:Object>");
            _properties = (XmlElement)holder.GetElementsByTagName("SignedProperties", Xades)[0]!;
            AddObject(new DataObject { Data = holder.DocumentElement!.ChildNodes });
            var reference = new Reference("#props") { Type = "http://uri.etsi.org/01903#SignedProperties", DigestMethod = XmlDsigSHA256Url };
            reference.AddTransform(new XmlDsigExcC14NTransform());
            AddReference(reference);
        }

        public override XmlElement? GetIdElement(XmlDocument? document, string idValue) => idValue == "props" ? _properties : base.GetIdElement(document, idValue);
    }
}
