using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace VanBanDienTu.Signing.Evidence.Bundles;

/// <summary>One file of a container as its manifest names it.</summary>
/// <param name="Name">Path inside the container, with <c>/</c>.</param>
/// <param name="ContentType">MIME type.</param>
/// <param name="Sha256">32 bytes.</param>
public sealed record AsicFile(string Name, string ContentType, byte[] Sha256);

/// <summary>The list of digests that a container's signature covers (ASiCManifest).</summary>
/// <remarks>Source: ETSI EN 319 162-1, A.4.</remarks>
internal static class AsicManifest
{
    public const string Path = "META-INF/ASiCManifest.xml";
    public const string SignaturePath = "META-INF/signature.p7s";
    public const int MostBytes = 16 << 20;

    private const string Asic = "http://uri.etsi.org/02918/v1.2.1#";
    private const string Dsig = "http://www.w3.org/2000/09/xmldsig#";
    private const string Sha256Method = "http://www.w3.org/2001/04/xmlenc#sha256";

    public static byte[] Write(IEnumerable<AsicFile> files)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("asic", "ASiCManifest", Asic);
            xml.WriteAttributeString("xmlns", "ds", null, Dsig);
            xml.WriteStartElement("SigReference", Asic);
            xml.WriteAttributeString("URI", SignaturePath);
            xml.WriteAttributeString("MimeType", "application/pkcs7-signature");
            xml.WriteEndElement();
            foreach (var file in files)
            {
                xml.WriteStartElement("DataObjectReference", Asic);
                xml.WriteAttributeString("URI", EscapePath(file.Name)); // xs:anyURI
                xml.WriteAttributeString("MimeType", file.ContentType);
                xml.WriteStartElement("DigestMethod", Dsig);
                xml.WriteAttributeString("Algorithm", Sha256Method);
                xml.WriteEndElement();
                xml.WriteElementString("DigestValue", Dsig, Convert.ToBase64String(file.Sha256));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    /// <exception cref="FormatException">Not such a manifest, or one with another digest than SHA-256.</exception>
    public static IReadOnlyList<AsicFile> Read(byte[] manifest)
    {
        var files = new List<AsicFile>();
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(manifest), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostBytes, IgnoreComments = true, IgnoreWhitespace = true,
            });
            xml.MoveToContent();
            xml.ReadStartElement("ASiCManifest", Asic);
            while (xml.NodeType == XmlNodeType.Element)
            {
                if (xml.LocalName == "DataObjectReference")
                    files.Add(ReadFile(xml));
                else if (xml.GetAttribute("URI") == SignaturePath)
                    xml.Skip();
                else
                    throw new FormatException($"{Path} has the element {xml.LocalName}, which is not understood here.");
            }
        }
        catch (XmlException e)
        {
            throw new FormatException($"{Path} cannot be read: {e.Message}", e);
        }

        return files;
    }

    private static AsicFile ReadFile(XmlReader xml)
    {
        var name = Uri.UnescapeDataString(xml.GetAttribute("URI") ?? throw new FormatException($"{Path} names a file without URI."));
        var type = xml.GetAttribute("MimeType") ?? "";
        xml.ReadStartElement();
        if (xml.GetAttribute("Algorithm") != Sha256Method)
            throw new FormatException($"{Path} names {name} by another digest than SHA-256.");
        xml.Skip();
        var digest = Convert.FromBase64String(xml.ReadElementContentAsString("DigestValue", Dsig).Trim());
        xml.ReadEndElement();
        return digest.Length == SHA256.HashSizeInBytes
            ? new AsicFile(name, type, digest)
            : throw new FormatException($"{Path} gives {name} a digest of {digest.Length} bytes.");
    }

    private static string EscapePath(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}
