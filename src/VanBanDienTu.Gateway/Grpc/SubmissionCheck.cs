using Grpc.Core;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Outgoing;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>Reads a submission's header and names every bad field at once, before any of its bytes are taken.</summary>
internal static class SubmissionCheck
{
    /// <exception cref="RequestException">NOT_YOUR_ORGAN.</exception>
    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/> and the other faults of stop 1.</exception>
    public static Submission Read(Proto.SubmitHeader header, Caller caller, LimitsConfig limits, SubmitDocument submit)
    {
        if (header.FromOrganId.Length > 0 && !string.Equals(header.FromOrganId, caller.Organ, StringComparison.Ordinal))
            throw new RequestException(StatusCode.PermissionDenied, "NOT_YOUR_ORGAN",
                $"Chứng thư của {caller.Organ} không được gửi thay cơ quan {header.FromOrganId}.",
                $"The certificate of {caller.Organ} may not send as organ {header.FromOrganId}.");
        var problems = new List<FieldProblem>();
        var submission = header.ToRelay(caller.Organ, problems);
        CheckLimits(header, limits, problems);
        try
        {
            submit.Check(submission);
        }
        catch (RelayException e) when (e.Fields.Count > 0 && problems.Count > 0)
        {
            throw RelayException.For([.. problems, .. e.Fields]); // one answer names them all
        }

        return problems.Count == 0 ? submission : throw RelayException.For(problems);
    }

    private static void CheckLimits(Proto.SubmitHeader header, LimitsConfig limits, List<FieldProblem> problems)
    {
        if (header.Attachments.Count > limits.MaxAttachments)
            problems.Add(new("attachments", $"tối đa {limits.MaxAttachments} tệp", $"at most {limits.MaxAttachments} files"));
        if (header.Recipients.Count > limits.MaxRecipients)
            problems.Add(new("recipients", $"tối đa {limits.MaxRecipients} nơi nhận", $"at most {limits.MaxRecipients} recipients"));
        for (var i = 0; i < header.Attachments.Count; i++)
        {
            var file = header.Attachments[i];
            if (file.Size < 0 || file.Size > limits.MaxAttachmentBytes)
                problems.Add(new($"attachments[{i}].size", $"phải từ 0 đến {limits.MaxAttachmentBytes} byte", $"must be from 0 to {limits.MaxAttachmentBytes} bytes"));
            if (file.Sha256.Length > 0 && (file.Sha256.Length != 64 || !file.Sha256.All(char.IsAsciiHexDigit)))
                problems.Add(new($"attachments[{i}].sha256", "phải là 64 chữ số hex", "must be 64 hexadecimal digits"));
        }
    }
}
