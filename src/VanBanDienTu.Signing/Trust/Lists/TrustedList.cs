using System.Globalization;
using System.Xml;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Trust.Lists;

/// <summary>A trusted list (danh sách tin cậy) whose signature holds: services, each with the certificate that it is known by.</summary>
/// <param name="NextUpdate">After it a newer list should be had; null: none will come.</param>
/// <param name="Pointers">Other lists that this one vouches for: whose (the territory), and who signs them.</param>
/// <remarks>Source: ETSI TS 119 612 v2.4.1.</remarks>
internal sealed record TrustedList(long Sequence, DateTimeOffset Issued, DateTimeOffset? NextUpdate, IReadOnlyList<(Certificate Certificate, TrustService Service)> Services, IReadOnlyList<(string Territory, Certificate Signer)> Pointers)
{
    public const string Namespace = "http://uri.etsi.org/02231/v2#";

    private const string TypePrefix = "http://uri.etsi.org/TrstSvc/Svctype/";
    private const int MostServices = 20_000;
    private const int MostPointers = 1_000;

    /// <summary>Whose list it is, such as VN.</summary>
    public string Territory { get; private init; } = "";

    /// <param name="xml">The file's bytes.</param>
    /// <param name="signers">Certificates pinned for the list: one of them must have signed it.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.TrustUnreadable"/>: it is no such list, or its signature does not hold.</exception>
    public static TrustedList Read(byte[] xml, IReadOnlyList<Certificate> signers)
    {
        try
        {
            return Of(XmlListSignature.Verified(xml, signers));
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException)
        {
            throw Unusable($"Danh sách tin cậy không đọc được: {e.Message}", $"The trusted list cannot be read: {e.Message}", e);
        }
    }

    public static SigningException Unusable(string vi, string en, Exception? cause = null) => new(SigningFault.TrustUnreadable, en, vi, cause);

    private static TrustedList Of(XmlElement root)
    {
        var scheme = Child(root, "SchemeInformation") ?? throw Unusable("Danh sách tin cậy thiếu SchemeInformation.", "The trusted list has no SchemeInformation.");
        var next = Child(scheme, "NextUpdate") is { } update ? Child(update, "dateTime") : null;
        var ends = next is null ? (DateTimeOffset?)null : Time(next.InnerText);
        var services = new List<(Certificate, TrustService)>();
        foreach (var provider in Children(Child(root, "TrustServiceProviderList"), "TrustServiceProvider"))
        {
            var name = Children(Child(Child(provider, "TSPInformation"), "TSPName"), "Name").FirstOrDefault()?.InnerText.Trim() ?? "";
            foreach (var service in Children(Child(provider, "TSPServices"), "TSPService"))
                services.AddRange(Named(service, name, ends));
            if (services.Count > MostServices)
                throw Unusable($"Danh sách tin cậy có hơn {MostServices} dịch vụ.", $"The trusted list has more than {MostServices} services.");
        }
        return new TrustedList(
            long.Parse(Text(scheme, "TSLSequenceNumber"), CultureInfo.InvariantCulture), Time(Text(scheme, "ListIssueDateTime")),
            ends, services, [.. Pointed(scheme).Take(MostPointers)])
        {
            Territory = Child(scheme, "SchemeTerritory")?.InnerText.Trim() ?? "",
        };
    }

    private static IEnumerable<(string, Certificate)> Pointed(XmlElement scheme)
    {
        foreach (var pointer in Children(Child(scheme, "PointersToOtherTSL"), "OtherTSLPointer"))
        {
            var territory = Children(Child(pointer, "AdditionalInformation"), "OtherInformation").Select(o => Child(o, "SchemeTerritory")?.InnerText.Trim()).FirstOrDefault(t => t is { Length: > 0 });
            foreach (var id in Children(Child(pointer, "ServiceDigitalIdentities"), "ServiceDigitalIdentity").SelectMany(i => Children(i, "DigitalId")).Select(d => Child(d, "X509Certificate")).OfType<XmlElement>())
            {
                if (territory is not null && Certificate.TryParse(Convert.FromBase64String(id.InnerText)) is { } signer)
                    yield return (territory, signer);
            }
        }
    }

    private static IEnumerable<(Certificate, TrustService)> Named(XmlElement service, string provider, DateTimeOffset? ends)
    {
        if (Child(service, "ServiceInformation") is not { } now || KindOf(Text(now, "ServiceTypeIdentifier")) is not { } kind)
            yield break;
        // The type may have changed in time (CA/PKC to CA/QC): what it was for another kind of service is not its history here.
        var history = Children(Child(service, "ServiceHistory"), "ServiceHistoryInstance").Where(h => KindOf(Text(h, "ServiceTypeIdentifier")) == kind)
            .Append(now).Select(Status).OrderBy(s => s.From).ToList();
        foreach (var id in Children(Child(now, "ServiceDigitalIdentity"), "DigitalId").Select(d => Child(d, "X509Certificate")).OfType<XmlElement>())
        {
            if (Certificate.TryParse(Convert.FromBase64String(id.InnerText)) is { } certificate)
                yield return (certificate, new TrustService(certificate.Sha256, kind, provider, history) { ListEnds = ends });
        }
    }

    private static TrustServiceStatus Status(XmlElement instance)
    {
        var uri = Text(instance, "ServiceStatus").Trim().TrimEnd('/');
        return new TrustServiceStatus(Time(Text(instance, "StatusStartingTime")), uri[(uri.LastIndexOf('/') + 1)..].ToLowerInvariant());
    }

    private static TrustServiceKind? KindOf(string type) => type.Trim() switch
    {
        TypePrefix + "CA/QC" or TypePrefix + "CA/PKC" or TypePrefix + "NationalRootCA-QC" => TrustServiceKind.Authority,
        TypePrefix + "TSA" or TypePrefix + "TSA/QTST" or TypePrefix + "TSA/TSS-QC" or TypePrefix + "TSA/TSS-AdESQCandQES" => TrustServiceKind.Timestamping,
        TypePrefix + "Certstatus/OCSP" or TypePrefix + "Certstatus/OCSP/QC" => TrustServiceKind.OcspResponder,
        _ => null, // registered delivery, preservation, validation …: nothing that a signature rests on
    };

    private static XmlElement? Child(XmlElement? parent, string name) => Children(parent, name).FirstOrDefault();

    private static IEnumerable<XmlElement> Children(XmlElement? parent, string name) => (parent?.ChildNodes.OfType<XmlElement>() ?? [])
        .Where(e => string.Equals(e.LocalName, name, StringComparison.Ordinal) && string.Equals(e.NamespaceURI, Namespace, StringComparison.Ordinal));

    private static string Text(XmlElement parent, string name) => Child(parent, name)?.InnerText
        ?? throw Unusable($"Danh sách tin cậy thiếu {name}.", $"The trusted list lacks {name}.");

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
