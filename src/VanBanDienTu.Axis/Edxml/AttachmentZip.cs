using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Opens the ZIP that was made around one attachment: the first entry only, its name never used, its size never believed.</summary>
internal static class AttachmentZip
{
    private const int EndRecordBytes = 22;
    private const uint EndSignature = 0x06054B50;
    private const int MaxDirectoryBytes = 64 << 10;
    private const long RatioGraceBytes = 1 << 20;

    /// <exception cref="AxisException"><see cref="AxisFault.ArchiveRefused"/> or <see cref="AxisFault.LimitExceeded"/>.</exception>
    public static (long Size, string Sha256) Extract(string archive, string target, EdxmlLimits limits, CancellationToken ct)
    {
        using var file = File.OpenRead(archive);
        if (!HasSmallDirectory(file))
            throw Refused("không phải ZIP hợp lệ hoặc có quá nhiều tệp bên trong.", "it is not a valid ZIP, or holds too many entries.");
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var entry = zip.Entries.FirstOrDefault(e => e.Name.Length > 0)
                ?? throw Refused("tệp ZIP rỗng.", "the ZIP is empty.");
            if (entry.IsEncrypted)
                throw Refused("tệp ZIP có mật khẩu.", "the ZIP is encrypted.");
            return Extract(entry, target, file.Length, limits, ct);
        }
        catch (InvalidDataException broken)
        {
            throw Refused("tệp ZIP bị hỏng.", "the ZIP is broken.", broken);
        }
    }

    private static (long Size, string Sha256) Extract(ZipArchiveEntry entry, string target, long archiveBytes, EdxmlLimits limits, CancellationToken ct)
    {
        using var inside = entry.Open();
        using var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var crc = new Crc32();
        long size = 0;
        for (int read; (read = inside.Read(buffer)) > 0;)
        {
            ct.ThrowIfCancellationRequested();
            size += read;
            if (size > limits.MaxAttachmentBytes || (size > RatioGraceBytes && size / limits.MaxZipRatio > archiveBytes))
                throw new AxisException(
                    AxisFault.ArchiveRefused,
                    $"giải nén ra hơn {size} byte từ {archiveBytes} byte, vượt giới hạn.", $"it unzips to more than {size} bytes out of {archiveBytes}, past the limit.");
            crc.Add(buffer.AsSpan(0, read));
            hash.AppendData(buffer, 0, read);
            file.Write(buffer, 0, read);
        }
        if (crc.Value != entry.Crc32)
            throw Refused("nội dung trong tệp ZIP không khớp mã kiểm tra.", "the ZIP's content does not match its checksum.");
        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // ZipArchive reads the whole directory into memory, so its size is judged first: from its start to the file's end.
    private static bool HasSmallDirectory(FileStream file)
    {
        if (file.Length < EndRecordBytes)
            return false;
        var tail = new byte[(int)Math.Min(file.Length, EndRecordBytes + ushort.MaxValue)];
        RandomAccess.Read(file.SafeFileHandle, tail, file.Length - tail.Length);
        for (var at = tail.Length - EndRecordBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndSignature)
                continue;
            var start = (long)BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            if (start == uint.MaxValue)
                start = LargeDirectoryStart(file, tail.AsSpan(0, at));
            return start >= 0 && start < file.Length && file.Length - start <= MaxDirectoryBytes;
        }
        return false;
    }

    // ZIP64: a locator stands before the end record and points to the record that has the offset in 64 bits.
    private static long LargeDirectoryStart(FileStream file, ReadOnlySpan<byte> beforeEnd)
    {
        const int locatorBytes = 20, recordBytes = 56, offsetAt = 48;
        if (beforeEnd.Length < locatorBytes)
            return -1;
        var record = BinaryPrimitives.ReadInt64LittleEndian(beforeEnd[^locatorBytes..][8..]);
        Span<byte> bytes = stackalloc byte[recordBytes];
        if (record < 0 || record > file.Length - recordBytes || RandomAccess.Read(file.SafeFileHandle, bytes, record) != recordBytes)
            return -1;
        return BinaryPrimitives.ReadInt64LittleEndian(bytes[offsetAt..]);
    }

    private static AxisException Refused(string vi, string en, Exception? cause = null) => new(AxisFault.ArchiveRefused, vi, en, cause: cause);

    /// <summary>The checksum of ZIP (polynomial 0xEDB88320), which ZipArchive does not check when it reads.</summary>
    private sealed class Crc32
    {
        private static readonly uint[] Table = Enumerable.Range(0, 256).Select(i =>
        {
            var c = (uint)i;
            for (var bit = 0; bit < 8; bit++)
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            return c;
        }).ToArray();

        private uint state = uint.MaxValue;

        public uint Value => ~state;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            var c = state;
            foreach (var b in bytes)
                c = Table[(int)((c ^ b) & 0xFF)] ^ (c >> 8);
            state = c;
        }
    }
}
