using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Client;

/// <summary>Hands a document to a node: the header with every file's digest first, then the files in chunks.</summary>
internal static class DocumentUpload
{
    /// <summary>The wire contract's limit for one chunk, bytes.</summary>
    public const int ChunkSize = 256 << 10;

    /// <param name="node">The sending unit's node.</param>
    /// <param name="header">Everything but the attachments, which are filled in here.</param>
    /// <param name="files">The document (a PDF) first, then what is attached to it.</param>
    /// <param name="ct">Stops the upload; nothing is sent on then, and the same request id may be used again.</param>
    /// <exception cref="RpcException">The node's answer when it says no.</exception>
    public static async Task<SubmitResponse> SendAsync(NodeConnection node, SubmitHeader header, IReadOnlyList<string> files, CancellationToken ct)
    {
        header.Attachments.Clear();
        foreach (var file in files) header.Attachments.Add(await DescribeAsync(file, ct));
        using var call = node.Outgoing.Submit(cancellationToken: ct);
        try
        {
            await call.RequestStream.WriteAsync(new SubmitRequest { Header = header }, ct);
            for (var index = 0; index < files.Count; index++) await SendFileAsync(call.RequestStream, index, files[index], ct);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The node answered before it had read everything; its answer says why.
        }
        return await call.ResponseAsync;
    }

    private static async Task SendFileAsync(IClientStreamWriter<SubmitRequest> stream, int index, string file, CancellationToken ct)
    {
        await using var source = File.OpenRead(file);
        var buffer = new byte[ChunkSize];
        for (int read; (read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)) > 0;)
        {
            var chunk = new Chunk { Attachment = index, Data = ByteString.CopyFrom(buffer, 0, read) };
            await stream.WriteAsync(new SubmitRequest { Chunk = chunk }, ct);
        }
    }

    private static async Task<Attachment> DescribeAsync(string file, CancellationToken ct)
    {
        if (!File.Exists(file)) throw CommandException.NoInput(file);
        await using var source = File.OpenRead(file);
        return new Attachment
        {
            Name = Path.GetFileName(file),
            Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(source, ct)),
            Size = source.Length,
            ContentType = ContentType(file),
        };
    }

    private static string ContentType(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".pdf" => "application/pdf",
        ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".zip" => "application/zip",
        ".xml" => "application/xml",
        _ => "application/octet-stream",
    };
}
