using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace VanBanDienTu.Signing.Trust.Lists;

/// <summary>The bytes of XML that a signature is over.</summary>
/// <remarks>Source: Canonical XML 1.0 and Exclusive XML Canonicalization 1.0, both without comments.</remarks>
internal static class XmlCanonical
{
    public const string Inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    public const string Exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";

    /// <param name="element">What is digested.</param>
    /// <param name="algorithm">One of the two; another one is refused.</param>
    /// <param name="prefixes">InclusiveNamespaces, for the exclusive one; null for none.</param>
    /// <param name="without">A child that is left out (the enveloped signature); null for none.</param>
    /// <param name="wholeDocument">Processing instructions around the element count too.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.TrustUnreadable"/>: another algorithm.</exception>
    public static byte[] Of(XmlElement element, string algorithm, string? prefixes, XmlElement? without, bool wholeDocument)
    {
        Transform transform = algorithm switch
        {
            Inclusive => new XmlDsigC14NTransform(includeComments: false),
            Exclusive => new XmlDsigExcC14NTransform(includeComments: false, prefixes),
            _ => throw TrustedList.Unusable($"Danh sách tin cậy bị từ chối: cách chuẩn hoá «{algorithm}» không được phép.", $"The trusted list is refused: the canonicalization «{algorithm}» is not allowed."),
        };
        transform.LoadInput(Alone(element, without, wholeDocument, xmlAttributes: algorithm == Inclusive));
        using var stream = (Stream)transform.GetOutput(typeof(Stream));
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>r and s of XML Signature, side by side, as the SEQUENCE of certificates and CMS.</summary>
    public static byte[] TwoIntegers(ReadOnlySpan<byte> pair)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(pair[..(pair.Length / 2)], isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(pair[(pair.Length / 2)..], isUnsigned: true, isBigEndian: true));
        }
        return writer.Encode();
    }

    // A document of its own, with the namespaces that reach the element from above; the original stays untouched.
    private static XmlDocument Alone(XmlElement element, XmlElement? without, bool wholeDocument, bool xmlAttributes)
    {
        var copy = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        if (wholeDocument)
        {
            foreach (XmlNode node in element.OwnerDocument.ChildNodes)
            {
                if (node.NodeType is XmlNodeType.Element or XmlNodeType.ProcessingInstruction)
                    copy.AppendChild(copy.ImportNode(node, deep: true));
            }
        }
        else
        {
            copy.AppendChild(copy.ImportNode(element, deep: true));
            Inherit(element, copy.DocumentElement!, xmlAttributes);
        }
        if (without is not null)
            copy.DocumentElement!.RemoveChild(copy.DocumentElement.ChildNodes[Place(without)]!);
        return copy;
    }

    private static void Inherit(XmlElement from, XmlElement to, bool xmlAttributes)
    {
        for (var above = from.ParentNode as XmlElement; above is not null; above = above.ParentNode as XmlElement)
        {
            foreach (XmlAttribute attribute in above.Attributes)
            {
                var inherited = attribute.Prefix is "xmlns" || attribute.Name is "xmlns" || (xmlAttributes && attribute.Prefix is "xml");
                if (inherited && !to.HasAttribute(attribute.Name))
                    to.SetAttributeNode((XmlAttribute)to.OwnerDocument.ImportNode(attribute, deep: true));
            }
        }
    }

    private static int Place(XmlElement child)
    {
        var place = 0;
        for (var before = child.PreviousSibling; before is not null; before = before.PreviousSibling)
            place++;
        return place;
    }
}
