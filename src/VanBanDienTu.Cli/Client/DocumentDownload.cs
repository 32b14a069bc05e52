using Grpc.Core;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Client;

/// <summary>Fetches a document's files into a folder, durably, so that the fetch may be confirmed afterwards.</summary>
/// <param name="Header">The document, its envelope and the hops it passed.</param>
/// <param name="Files">Paths of the attachments, in the document's order.</param>
internal sealed record DocumentDownload(FetchHeader Header, IReadOnlyList<string> Files)
{
    /// <exception cref="CommandException">A name in the packet is not a plain file name, or the stream ended early.</exception>
    public static async Task<DocumentDownload> FetchAsync(NodeConnection node, string incomingId, string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        using var call = node.Incoming.Fetch(new FetchRequest { IncomingId = incomingId }, cancellationToken: ct);
        FetchHeader? header = null;
        var files = new List<string>();
        var streams = new List<FileStream>();
        try
        {
            await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
            {
                if (part.PartCase == FetchResponse.PartOneofCase.Header)
                {
                    header = part.Header;
                    files.AddRange(header.Document.Attachments.Select(a => Path.Combine(folder, PlainName(a.Name))));
                    streams.AddRange(files.Select(f => new FileStream(f + ".part", FileMode.Create, FileAccess.Write)));
                }
                else if (part.PartCase == FetchResponse.PartOneofCase.Chunk)
                {
                    await streams[part.Chunk.Attachment].WriteAsync(part.Chunk.Data.Memory, ct);
                }
            }
            if (header is null) throw EndedEarly(incomingId);
            for (var i = 0; i < files.Count; i++) await FinishAsync(streams[i], files[i], header.Document.Attachments[i].Size, ct);
        }
        finally
        {
            foreach (var stream in streams) await stream.DisposeAsync();
        }
        return new DocumentDownload(header, files);
    }

    private static async Task FinishAsync(FileStream stream, string file, long size, CancellationToken ct)
    {
        if (stream.Length != size) throw EndedEarly(Path.GetFileName(file));
        await stream.FlushAsync(ct);
        stream.Flush(flushToDisk: true);
        await stream.DisposeAsync();
        File.Move(file + ".part", file, overwrite: true);
    }

    private static string PlainName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0
            ? name
            : throw new CommandException(
                ExitCode.BadInput,
                $"Tên tệp «{name}» trong văn bản chứa đường dẫn; không ghi ra đĩa.",
                $"The file name «{name}» in the document holds a path; it was not written.");

    private static CommandException EndedEarly(string what) => new(
        ExitCode.Unavailable,
        $"Nút ngừng gửi «{what}» giữa chừng; hãy chạy lại, chưa có gì được xác nhận.",
        $"The node stopped in the middle of «{what}»; run again, nothing was confirmed.");
}
