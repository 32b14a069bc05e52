using System.Text;
using System.Xml.Linq;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.UnitTests.Architecture;

namespace VanBanDienTu.UnitTests.Axis;

/// <summary>The two complete sample packets, and small ways to bend them.</summary>
internal static class AxisSamples
{
    public const string PdfSha256 = "53f84e4d60ee8f2251d4390c95e0a4e98d155ceba81f1d17540ead0bf27044ba";

    private static readonly XNamespace Ns = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

    public static byte[] Packet => Read("document.edxml");

    public static byte[] Status => Read("status-02.edxml");

    /// <summary>The document packet without its attachments.</summary>
    public static string Envelope
    {
        get
        {
            var xml = XDocument.Load(new MemoryStream(Packet), LoadOptions.PreserveWhitespace);
            xml.Root!.Element(Ns + "AttachmentEncoded")!.Remove();
            return xml.ToString(SaveOptions.DisableFormatting);
        }
    }

    public static EdxmlDocument Document => EdxmlReader.ReadEnvelope(Bytes(Envelope)).RequireDocument();

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static IReadOnlyList<EdxmlProblem> ProblemsOf(string envelope) => EdxmlReader.ReadEnvelope(Bytes(envelope)).Problems;

    public static UnpackedPacket Unpack(TemporaryFolder folder, string packet, EdxmlLimits? limits = null) =>
        EdxmlPacket.Unpack(new MemoryStream(Bytes(packet)), folder.Path, limits);

    private static byte[] Read(string name) =>
        File.ReadAllBytes(Path.Combine(Repository.Root, "tests/VanBanDienTu.UnitTests/Axis/samples", name));
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("axis-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
