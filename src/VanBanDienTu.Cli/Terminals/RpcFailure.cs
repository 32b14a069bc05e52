using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>Reads what a node answered when it said no: the reason code, the sentence for people, every bad field.</summary>
internal static class RpcFailure
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    public static Failure Of(RpcException problem)
    {
        var details = Details(problem);
        // Google.Api.CommonProtos 2.0.0 still calls the field «reason» by its first name, «type»; the bytes are the same.
        var reason = Detail<ErrorInfo>(details)?.Type;
        var vi = Detail<LocalizedMessage>(details)?.Message is { Length: > 0 } localized ? localized : InVietnamese(problem);
        var fields = Detail<BadRequest>(details)?.FieldViolations.Select(v => $"{v.Field}: {v.Description}").ToList() ?? [];
        var code = reason is { Length: > 0 } ? $" [{reason}]" : $" [{problem.StatusCode}]";
        var list = fields.Count == 0 ? "" : Environment.NewLine + string.Join(Environment.NewLine, fields.Select(f => $"        {f}"));
        return new Failure(Exit(problem.StatusCode), vi + code, problem.Status.Detail + list);
    }

    /// <summary>The reason code of the project's error table (protos/README.md), or null.</summary>
    public static string? ReasonOf(RpcException problem) => Detail<ErrorInfo>(Details(problem))?.Type;

    private static Google.Rpc.Status? Details(RpcException problem)
    {
        try
        {
            return problem.Trailers.GetValueBytes(DetailsTrailer) is { } bytes ? Google.Rpc.Status.Parser.ParseFrom(bytes) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // somebody else's trailer: the plain status is still shown
        }
    }

    private static T? Detail<T>(Google.Rpc.Status? status)
        where T : class, IMessage, new()
    {
        var wanted = new T();
        var packed = status?.Details.FirstOrDefault(d => d.TypeUrl.EndsWith("/" + wanted.Descriptor.FullName, StringComparison.Ordinal));
        if (packed is null) return null;
        wanted.MergeFrom(packed.Value);
        return wanted;
    }

    private static string InVietnamese(RpcException problem) => problem.StatusCode switch
    {
        StatusCode.Unavailable => "Không kết nối được với nút; hãy kiểm tra địa chỉ --node, nút có đang chạy không, và chứng thư của nút có thuộc --trust không.",
        StatusCode.DeadlineExceeded => "Nút không trả lời kịp; hãy thử lại.",
        StatusCode.Unauthenticated => "Nút không nhận ra chứng thư của người gọi.",
        StatusCode.PermissionDenied => "Người gọi không có quyền này.",
        StatusCode.NotFound => "Không tìm thấy.",
        StatusCode.Unimplemented => "Nút này không có chức năng đó.",
        _ => "Nút từ chối yêu cầu.",
    };

    private static int Exit(StatusCode code) => code switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted => ExitCode.Unavailable,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => ExitCode.NotAllowed,
        StatusCode.InvalidArgument => ExitCode.BadInput,
        StatusCode.Cancelled => ExitCode.Interrupted,
        _ => ExitCode.Failed,
    };
}
