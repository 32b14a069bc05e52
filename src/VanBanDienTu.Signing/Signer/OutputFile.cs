namespace VanBanDienTu.Signing;

/// <summary>Writes an output so that it is either whole and durable under its name, or absent.</summary>
internal static class OutputFile
{
    /// <summary>Refuses an output that is the input: the input must stay untouched whatever happens.</summary>
    public static void CheckApart(string input, string output)
    {
        if (string.Equals(Path.GetFullPath(input), Path.GetFullPath(output), StringComparison.Ordinal))
            throw new SigningException(SigningFault.OutputNotWritten,
                $"The output {output} is the input itself; give another file name.",
                $"Tệp kết quả {output} trùng với tệp đầu vào; hãy chọn tên khác.");
    }

    /// <summary>Lets <paramref name="write"/> make a temporary file beside the output, then gives it the output's name.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.OutputNotWritten"/>: disk full, no such folder, no permission.</exception>
    public static async Task<T> WriteAsync<T>(string output, Func<string, Task<T>> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(output)}.{Guid.NewGuid():n}.tmp");
        var moved = false;
        try
        {
            var result = await write(temporary);
            using (var written = File.OpenHandle(temporary, access: FileAccess.ReadWrite))
                DurableNames.Sync(written, temporary);
            File.Move(temporary, output, overwrite: true);
            moved = true;
            DurableNames.TrySync(folder); // who may write but not read there gets what the file system gives
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException(SigningFault.OutputNotWritten,
                $"The output {output} could not be written: {e.Message} Check the folder, its permissions and the free space.",
                $"Không ghi được tệp kết quả {output}: {e.Message} Hãy kiểm tra thư mục, quyền ghi và dung lượng trống.", e);
        }
        finally
        {
            if (!moved && File.Exists(temporary))
                File.Delete(temporary);
        }
    }
}
