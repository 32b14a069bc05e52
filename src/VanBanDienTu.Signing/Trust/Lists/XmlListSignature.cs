using System.Security.Cryptography;
using System.Xml;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Trust.Lists;

/// <summary>
/// The signature of a trusted list: one enveloped XAdES signature by a pinned certificate over the whole document. Narrow on purpose:
/// what it does not know it refuses, nothing is fetched, and what is read afterwards is the very element that was digested.
/// </summary>
/// <remarks>Source: XML Signature 1.1; ETSI TS 119 612 annex B (enveloped, exclusive canonicalization). No DTD, no key from inside
/// the document, and a reference to anything but the document element or the signed properties is a wrapping attack.</remarks>
internal static class XmlListSignature
{
    private const string Ds = "http://www.w3.org/2000/09/xmldsig#";
    private const string SignedPropertiesType = "http://uri.etsi.org/01903#SignedProperties";
    private const string EnvelopedTransform = Ds + "enveloped-signature";
    private const int MostCharacters = 64 << 20;

    private static readonly Dictionary<string, SignatureAlgorithm> Methods = new(StringComparer.Ordinal)
    {
        ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"] = new("", SignatureFamily.RsaPkcs1, MessageHash.Sha256),
        ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"] = new("", SignatureFamily.RsaPkcs1, MessageHash.Sha384),
        ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"] = new("", SignatureFamily.RsaPkcs1, MessageHash.Sha512),
        ["http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"] = new("", SignatureFamily.RsaPss, MessageHash.Sha256, MessageHash.Sha256, 32),
        ["http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1"] = new("", SignatureFamily.RsaPss, MessageHash.Sha384, MessageHash.Sha384, 48),
        ["http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1"] = new("", SignatureFamily.RsaPss, MessageHash.Sha512, MessageHash.Sha512, 64),
        ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"] = new("", SignatureFamily.Ecdsa, MessageHash.Sha256),
        ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"] = new("", SignatureFamily.Ecdsa, MessageHash.Sha384),
        ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"] = new("", SignatureFamily.Ecdsa, MessageHash.Sha512),
    };

    private static readonly Dictionary<string, string> Digests = new(StringComparer.Ordinal)
    {
        ["http://www.w3.org/2001/04/xmlenc#sha256"] = MessageHash.Sha256,
        ["http://www.w3.org/2001/04/xmldsig-more#sha384"] = MessageHash.Sha384,
        ["http://www.w3.org/2001/04/xmlenc#sha512"] = MessageHash.Sha512,
    };

    /// <summary>The document element, when one of these certificates signed all of it.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.TrustUnreadable"/></exception>
    /// <exception cref="XmlException">It is not well-formed, or has a DTD.</exception>
    public static XmlElement Verified(byte[] xml, IReadOnlyList<Certificate> signers)
    {
        var document = Load(xml);
        var root = document.DocumentElement!;
        if (!string.Equals(root.LocalName, "TrustServiceStatusList", StringComparison.Ordinal) || !string.Equals(root.NamespaceURI, TrustedList.Namespace, StringComparison.Ordinal))
            throw Refused("không phải danh sách tin cậy theo TS 119 612", "it is no trusted list of TS 119 612");
        var all = document.GetElementsByTagName("Signature", Ds);
        if (all.Count != 1 || all[0] is not XmlElement signature || !ReferenceEquals(signature.ParentNode, root))
            throw Refused("phải có đúng một chữ ký, là phần tử con của phần tử gốc", "there must be exactly one signature, a child of the document element");
        var info = Only(signature, "SignedInfo");
        CheckReferences(document, root, signature, info);
        CheckValue(signature, info, signers);
        root.RemoveChild(signature); // what was digested is what is read
        return root;
    }

    private static XmlDocument Load(byte[] xml)
    {
        using var reader = XmlReader.Create(new MemoryStream(xml), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MostCharacters,
        });
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        document.Load(reader);
        return document;
    }

    private static void CheckReferences(XmlDocument document, XmlElement root, XmlElement signature, XmlElement info)
    {
        var whole = 0;
        foreach (var reference in Children(info, "Reference"))
        {
            var (uri, target) = (reference.GetAttribute("URI"), (XmlElement?)null);
            var isWhole = reference.HasAttribute("URI") && (uri.Length == 0 || IsIdOf(document, root, uri));
            if (isWhole)
            {
                whole++;
                target = root;
            }
            else if (string.Equals(reference.GetAttribute("Type"), SignedPropertiesType, StringComparison.Ordinal))
                target = signature.GetElementsByTagName("SignedProperties", "*").OfType<XmlElement>().FirstOrDefault(p => IsIdOf(document, p, uri));
            if (target is null)
                throw Refused($"tham chiếu «{uri}» không phải phần tử gốc", $"the reference «{uri}» is not the document element");
            CheckDigest(reference, target, isWhole ? signature : null, uri.Length == 0 && isWhole);
        }
        if (whole != 1)
            throw Refused("chữ ký không bao phủ phần tử gốc", "the signature does not cover the document element");
    }

    private static void CheckDigest(XmlElement reference, XmlElement target, XmlElement? enveloped, bool wholeDocument)
    {
        var transforms = Children(Children(reference, "Transforms").SingleOrDefault(), "Transform").Select(t => t.GetAttribute("Algorithm")).ToList();
        var removes = transforms.Remove(EnvelopedTransform);
        if (removes != enveloped is not null || transforms.Count > 1)
            throw Refused("có phép biến đổi không được phép trước khi băm", "a transform before the digest is not allowed");
        var canonical = XmlCanonical.Of(target, transforms.Count == 1 ? transforms[0] : XmlCanonical.Inclusive, InclusivePrefixes(reference), enveloped, wholeDocument);
        var method = Only(reference, "DigestMethod").GetAttribute("Algorithm");
        if (!Digests.TryGetValue(method, out var oid) || !MessageHash.TryCompute(oid, canonical, out var digest))
            throw Refused($"hàm băm {method} không được phép", $"the digest method {method} is not allowed");
        if (!CryptographicOperations.FixedTimeEquals(digest, Convert.FromBase64String(Only(reference, "DigestValue").InnerText)))
            throw Refused("nội dung đã bị sửa sau khi ký", "its content was changed after it was signed");
    }

    private static void CheckValue(XmlElement signature, XmlElement info, IReadOnlyList<Certificate> signers)
    {
        var method = Only(info, "SignatureMethod").GetAttribute("Algorithm");
        if (!Methods.TryGetValue(method, out var algorithm))
            throw Refused($"thuật toán ký {method} không được phép", $"the signature method {method} is not allowed");
        var canonicalization = Only(info, "CanonicalizationMethod");
        var signed = XmlCanonical.Of(info, canonicalization.GetAttribute("Algorithm"), InclusivePrefixes(canonicalization), null, wholeDocument: false);
        var value = Convert.FromBase64String(Only(signature, "SignatureValue").InnerText);
        if (algorithm.Family == SignatureFamily.Ecdsa)
            value = XmlCanonical.TwoIntegers(value);
        if (signers.Count == 0)
            throw Refused("chưa ghim chứng thư của người ký danh sách", "no certificate is pinned for who signs the list");
        if (!signers.Any(s => algorithm.Verify(s.PublicKey, signed, value) == SignatureCheck.Valid))
            throw Refused("không do chứng thư đã ghim nào ký", "none of the pinned certificates signed it");
    }

    // An id that stands twice says nothing about which element was meant.
    private static bool IsIdOf(XmlDocument document, XmlElement element, string uri) =>
        uri.Length > 1 && uri[0] == '#' && string.Equals(element.GetAttribute("Id"), uri[1..], StringComparison.Ordinal)
        && document.SelectNodes("//@*")!.OfType<XmlAttribute>()
            .Count(a => a.LocalName.Equals("id", StringComparison.OrdinalIgnoreCase) && string.Equals(a.Value, uri[1..], StringComparison.Ordinal)) == 1;

    private static string? InclusivePrefixes(XmlElement parent) =>
        parent.GetElementsByTagName("InclusiveNamespaces", XmlCanonical.Exclusive).OfType<XmlElement>().FirstOrDefault()?.GetAttribute("PrefixList");

    private static XmlElement Only(XmlElement parent, string name) => Children(parent, name).ToList() is [var one] ? one
        : throw Refused($"chữ ký phải có đúng một {name}", $"the signature must have exactly one {name}");

    private static IEnumerable<XmlElement> Children(XmlElement? parent, string name) => (parent?.ChildNodes.OfType<XmlElement>() ?? [])
        .Where(e => string.Equals(e.LocalName, name, StringComparison.Ordinal) && string.Equals(e.NamespaceURI, Ds, StringComparison.Ordinal));

    private static SigningException Refused(string vi, string en) => TrustedList.Unusable($"Danh sách tin cậy bị từ chối: {vi}.", $"The trusted list is refused: {en}.");
}
