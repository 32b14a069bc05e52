using System.Security.Cryptography;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Client;

/// <summary>
/// One file on its way to this disk: <c>NAME.&lt;begin of its digest&gt;.part</c> until it is whole and as its digest says. What an earlier run
/// left there is gone on with.
/// </summary>
internal sealed class PartFile : IAsyncDisposable
{
    private readonly FileStream part;
    private readonly Attachment announced;
    private IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int taken;

    private PartFile(string file, Attachment announced)
    {
        (File, this.announced) = (file, announced);
        part = new FileStream($"{file}.{announced.Sha256[..8]}.part", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, BufferSize = 0 });
    }

    /// <summary>Where it ends.</summary>
    public string File { get; }

    /// <summary>Bytes that are here.</summary>
    public long Length => part.Position;

    /// <summary>Opens what is there, and reads it once for its digest.</summary>
    public static async Task<PartFile> OpenAsync(string file, Attachment announced, CancellationToken ct)
    {
        var opened = new PartFile(file, announced);
        if (opened.part.Length > announced.Size) opened.part.SetLength(0);
        var buffer = new byte[DocumentUpload.ChunkSize];
        for (int read; (read = await opened.part.ReadAsync(buffer, ct)) > 0;) opened.hash.AppendData(buffer, 0, read);
        return opened;
    }

    /// <exception cref="CommandException">The bytes were damaged on their way, or do not follow those before.</exception>
    public async Task TakeAsync(Chunk chunk, CancellationToken ct)
    {
        if (taken++ == 0 && chunk.Offset == 0 && part.Position > 0) StartOver(); // a node that begins at the beginning whatever it was asked
        if ((chunk.Offset > 0 && chunk.Offset != part.Position) || (chunk.HasCrc32C && chunk.Crc32C != Crc32C.Of(chunk.Data.Span))) throw EndedEarly(Path.GetFileName(File));
        hash.AppendData(chunk.Data.Span);
        await part.WriteAsync(chunk.Data.Memory, ct);
    }

    /// <summary>Gives the file its name; it is durable then.</summary>
    /// <exception cref="CommandException">It is not whole, or not as its digest says; in the second case nothing of it is kept.</exception>
    public void Finish()
    {
        if (part.Length != announced.Size) throw EndedEarly(Path.GetFileName(File));
        var sha256 = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (sha256 != announced.Sha256)
        {
            System.IO.File.Delete(part.Name);
            throw new CommandException(
                ExitCode.Unavailable,
                $"Tệp «{Path.GetFileName(File)}» tải về có SHA-256 {sha256}, khác với {announced.Sha256} trong văn bản; đã bỏ, hãy chạy lại.",
                $"«{Path.GetFileName(File)}» as it came has SHA-256 {sha256}, not {announced.Sha256} as the document says; it was dropped, run again.");
        }
        DurableNames.Sync(part.SafeFileHandle, File);
        System.IO.File.Move(part.Name, File, overwrite: true);
        DurableNames.Sync(Path.GetDirectoryName(Path.GetFullPath(File))!);
    }

    public async ValueTask DisposeAsync()
    {
        await part.DisposeAsync();
        hash.Dispose();
    }

    public static CommandException EndedEarly(string what) => new(
        ExitCode.Unavailable,
        $"Nút ngừng gửi «{what}» giữa chừng; hãy chạy lại để tải tiếp, chưa có gì được xác nhận.",
        $"The node stopped in the middle of «{what}»; run again to go on there, nothing was confirmed.");

    private void StartOver()
    {
        part.SetLength(0);
        part.Position = 0;
        hash.Dispose();
        hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }
}
