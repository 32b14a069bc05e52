using System.IO.Compression;
using Google.Protobuf;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Signing.Evidence;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Links;

/// <summary>
/// One message as a file: a ZIP of <c>message.json</c> (the header as between nodes, with the envelope and the backing evidence), its detached
/// signature by the node's evidence key, and each attachment's bytes. People can look into it with any tool.
/// </summary>
internal static class Bundle
{
    public const string Extension = ".vbdt";

    private const string Manifest = "message.json";
    private const string Signature = "message.json.p7s";

    /// <summary>The envelope (1 MiB) in base64, evidence, and room.</summary>
    private const int MaxManifestBytes = 8 << 20;

    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same message gives the same bytes

    public static Task WriteAsync(Stream to, OutboundMessage message, EvidenceSigner signer) => Task.Run(
        () =>
        {
            var manifest = System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message.Header.ToProto(message.ImmutableDigest)));
            using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
            Put(zip, Manifest, new MemoryStream(manifest));
            Put(zip, Signature, new MemoryStream(signer.Sign(manifest)));
            for (var i = 0; i < message.Header.Attachments.Count; i++)
            {
                using var bytes = message.Open(message.Header.Attachments[i]);
                Put(zip, NameOf(i), bytes);
            }
        });

    /// <summary>The header and its signature; nothing in it is judged yet.</summary>
    /// <exception cref="InvalidDataException">No bundle of ours, or cut off.</exception>
    public static (byte[] Manifest, byte[] Signature, Proto.MessageHeader Header) ReadHeader(ZipArchive zip)
    {
        var (manifest, signature) = (Read(zip, Manifest, MaxManifestBytes), Read(zip, Signature, EvidenceVerifier.MaxSignatureBytes));
        try
        {
            return (manifest, signature, new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<Proto.MessageHeader>(
                System.Text.Encoding.UTF8.GetString(manifest)));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new InvalidDataException($"{Manifest} is not a message header.", e);
        }
    }

    /// <exception cref="InvalidDataException">The attachment is missing, or not as long as the header says.</exception>
    public static Stream Open(ZipArchive zip, int index, long size)
    {
        var entry = zip.GetEntry(NameOf(index)) ?? throw new InvalidDataException($"The attachment {index} is missing.");
        return entry.Length == size ? entry.Open() : throw new InvalidDataException($"The attachment {index} has {entry.Length} bytes instead of {size}.");
    }

    private static string NameOf(int index) => $"attachment-{index}";

    private static void Put(ZipArchive zip, string name, Stream bytes)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        using var to = entry.Open();
        bytes.CopyTo(to, 128 << 10);
    }

    private static byte[] Read(ZipArchive zip, string name, int most)
    {
        var entry = zip.GetEntry(name) ?? throw new InvalidDataException($"{name} is missing.");
        if (entry.Length > most)
            throw new InvalidDataException($"{name} is larger than {most} bytes.");
        using var from = entry.Open();
        var bytes = new byte[entry.Length];
        from.ReadExactly(bytes);
        return bytes;
    }
}
