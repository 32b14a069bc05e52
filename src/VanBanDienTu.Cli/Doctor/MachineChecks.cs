using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Fonts;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Doctor;

/// <summary>Examines what a node needs from its machine.</summary>
internal static class MachineChecks
{
    private const int Syncs = 40;

    public static Check Runtime() => Environment.Version.Major >= 10
        ? Check.Ok(".NET", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} CPU")
        : Check.Bad(".NET", RuntimeInformation.FrameworkDescription, "cài .NET 10 / install .NET 10");

    /// <summary>Signatures that show text (annexes, copies) need one; pictures and invisible signatures do not.</summary>
    public static Check Font()
    {
        const string name = "Phông chữ / font", letters = "Cơ quan, Người ký: ẵ ữ ợ ễ ậ Đ";
        try
        {
            return Check.Ok(name, SystemFonts.Default.For(letters).Name);
        }
        catch (PdfException e)
        {
            return Check.Warn(name, $"{e.Vi} / {e.En}", "chỉ cần cho chữ ký có chữ / needed only for signatures that show text");
        }
    }

    public static Check Clock(TimeProvider time)
    {
        var now = time.GetUtcNow();
        var built = new DateTimeOffset(File.GetLastWriteTimeUtc(typeof(MachineChecks).Assembly.Location), TimeSpan.Zero);
        var text = $"{VietnamTime.Now(time):yyyy-MM-dd HH:mm:ss} +07:00 (múi giờ máy / zone {TimeZoneInfo.Local.Id})";
        return now < built.AddHours(-1)
            ? Check.Bad("Đồng hồ / clock", text, $"đồng hồ chậm hơn lúc dựng chương trình ({built:u}); bật NTP / the clock is behind the program's own build; turn NTP on")
            : Check.Ok("Đồng hồ / clock", text);
    }

    /// <summary>A free port is well; a used one is well only when our own node is the user, which the caller's link test tells.</summary>
    public static Check Port(IPEndPoint listen)
    {
        try
        {
            using var listener = new TcpListener(listen);
            listener.Start();
            return Check.Ok("Cổng / port", $"{listen} còn trống / is free");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return Check.Warn("Cổng / port", $"{listen} đang được dùng / is in use", "đúng nếu nút đang chạy; nếu không, đổi «listen» / right when the node runs; else change «listen»");
        }
        catch (SocketException e)
        {
            return Check.Bad("Cổng / port", $"{listen}: {e.Message}", "sửa «listen» / mend «listen»");
        }
    }

    public static Check FreeSpace(string folder, long least)
    {
        var drive = new DriveInfo(Path.GetFullPath(folder));
        var text = $"{folder}: {drive.AvailableFreeSpace >> 20:N0} MiB trống / free";
        return drive.AvailableFreeSpace < least
            ? Check.Bad("Đĩa / disk", text, "giải phóng đĩa: văn bản mới sẽ bị từ chối / free some space: new documents will be refused")
            : Check.Ok("Đĩa / disk", text);
    }

    /// <summary>How long a small write takes to become durable: every accepted document waits for it at least twice.</summary>
    public static Check Durability(string folder)
    {
        var file = Path.Combine(folder, $".vbdt-doctor-{Environment.ProcessId}");
        try
        {
            var times = new List<double>();
            using (var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write))
            {
                for (var i = 0; i < Syncs; i++)
                {
                    var begin = Stopwatch.GetTimestamp();
                    RandomAccess.Write(handle, new byte[4096], i * 4096L);
                    DurableNames.Sync(handle, file);
                    times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
            }
            times.Sort();
            var text = $"trung vị / median {times[Syncs / 2]:0.0} ms, chậm nhất / worst {times[^1]:0.0} ms";
            return times[Syncs / 2] > 50
                ? Check.Warn("Ghi bền / fsync", text, "đĩa ghi chậm; nên dùng SSD / the disk is slow; use an SSD")
                : Check.Ok("Ghi bền / fsync", text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Check.Bad("Ghi bền / fsync", e);
        }
        finally
        {
            if (File.Exists(file)) File.Delete(file);
        }
    }
}
