-- Body measurements: one row per thing measured, as it was entered; the metric value (kg, cm or percent) follows from it exactly.
CREATE TABLE training.body_measurement (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'body_weight', 'body_fat', 'neck', 'shoulders', 'chest', 'waist', 'hips', 'left_upper_arm', 'right_upper_arm',
        'left_forearm', 'right_forearm', 'left_thigh', 'right_thigh', 'left_calf', 'right_calf'
    )),
    value numeric NOT NULL CHECK (value > 0),
    unit text NOT NULL CHECK (unit IN ('kg', 'lb', 'cm', 'in', 'percent')),
    metric_value numeric NOT NULL
        GENERATED ALWAYS AS (CASE unit WHEN 'lb' THEN value * 0.45359237 WHEN 'in' THEN value * 2.54 ELSE value END) STORED,
    measured_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    CONSTRAINT body_measurement_unit_fits CHECK (
        CASE kind WHEN 'body_weight' THEN unit IN ('kg', 'lb') WHEN 'body_fat' THEN unit = 'percent' ELSE unit IN ('cm', 'in') END
    )
);

CREATE INDEX body_measurement_newest_first ON training.body_measurement (user_id, measured_at DESC, id DESC);
CREATE INDEX body_measurement_of_kind ON training.body_measurement (user_id, kind, measured_at DESC, id DESC);
