using Grpc.Core;
using VanBanDienTu.Axis;
using VanBanDienTu.Cli.Demo;
using VanBanDienTu.Gateway;
using VanBanDienTu.Relay;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>Turns what ended a command into one sentence for people (vi, then en) and an exit code. The only place that does.</summary>
/// <param name="ExitCode">One of <see cref="Terminals.ExitCode"/>.</param>
internal sealed record Failure(int ExitCode, string Vi, string En)
{
    /// <summary>Writes the failure to <paramref name="error"/>; with VBDT_DEBUG=1 the stack trace too. Returns the exit code.</summary>
    public static int Report(Exception problem, TextWriter error)
    {
        var failure = Of(problem);
        error.WriteLine($"vbdt: {failure.Vi}");
        error.WriteLine($"      {failure.En}");
        if (Environment.GetEnvironmentVariable("VBDT_DEBUG") == "1") error.WriteLine(problem);
        return failure.ExitCode;
    }

    public static Failure Of(Exception problem) => problem switch
    {
        CommandException e => new(e.ExitCode, e.Vi, e.En),
        RpcException { StatusCode: StatusCode.Cancelled } or OperationCanceledException => new(Terminals.ExitCode.Interrupted, "Đã dừng theo yêu cầu.", "Stopped on request."),
        DemoException e => new(Terminals.ExitCode.Failed, $"Demo không diễn ra như đã kể: {e.Message}", $"The demo did not go as told: {e.Message}"),
        RpcException e => RpcFailure.Of(e),
        SigningException e => new(OfSigning(e.Fault), e.Vietnamese, e.Message),
        GatewayException e => new(Terminals.ExitCode.Failed, e.Vi, e.En),
        RelayException e => new(Terminals.ExitCode.Failed, e.Vi, e.Message),
        AxisException e => new(Terminals.ExitCode.BadInput, e.Vi, e.Message),
        FileNotFoundException { FileName: { Length: > 0 } name } => Of(CommandException.NoInput(name)),
        FileNotFoundException or DirectoryNotFoundException => new(
            Terminals.ExitCode.NoInput,
            $"Không tìm thấy tệp hoặc thư mục: {problem.Message}",
            $"A file or folder was not found: {problem.Message}"),
        UnauthorizedAccessException => new(
            Terminals.ExitCode.InputOutput,
            $"Không có quyền đọc hoặc ghi: {problem.Message} Hãy kiểm tra quyền của tệp.",
            $"No right to read or write: {problem.Message} Check the file's permissions."),
        IOException => new(
            Terminals.ExitCode.InputOutput,
            $"Không đọc hoặc ghi được: {problem.Message}",
            $"Reading or writing failed: {problem.Message}"),
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ => new(
            Terminals.ExitCode.Bug,
            $"Lỗi của chương trình ({problem.GetType().Name}): {problem.Message} Chạy lại với VBDT_DEBUG=1 để xem chi tiết và báo cho người phát triển.",
            $"A fault of the program ({problem.GetType().Name}): {problem.Message} Run again with VBDT_DEBUG=1 for details and report it."),
    };

    private static int OfSigning(SigningFault fault) => fault switch
    {
        SigningFault.BadRequest or SigningFault.KeyAddressInvalid => Terminals.ExitCode.Usage,
        SigningFault.OutputNotWritten => Terminals.ExitCode.InputOutput,
        SigningFault.OutputDoesNotVerify => Terminals.ExitCode.Bug,
        SigningFault.KeyFailed or SigningFault.TokenAbsent or SigningFault.TimestampUnavailable or SigningFault.ValidationDataUnavailable => Terminals.ExitCode.Unavailable,
        _ => Terminals.ExitCode.BadInput,
    };
}
